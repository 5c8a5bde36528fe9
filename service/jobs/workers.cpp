#include "service/jobs/workers.h"

#include <system_error>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include "common/error.h"

namespace holdfast {
namespace {

namespace asio = boost::asio;

std::jthread started(auto body) {
  try {
    return std::jthread(std::move(body));
  } catch (const std::system_error& failure) {
    throw Error(ErrorCode::SystemCallFailed,
                std::string("The work could not be begun, because no thread can be started: ") +
                    failure.what() + ".",
                "Close programs that are not needed; it is tried again.");
  }
}

void finish(const Workers::Done& done) noexcept {
  try {
    if (done) done();
  } catch (const std::exception& surprise) {
    spdlog::error("What follows from work could not be done: {}", surprise.what());
  }
}

}  // namespace

std::stop_source ThreadWorkers::start(Task task) {
  const std::uint64_t id = ++last_id_;
  auto body = [this, id, task = std::move(task),
               guard = asio::make_work_guard(io_)](const std::stop_token& stop) noexcept {
    Done done = task(stop);
    asio::post(io_, [this, id, done = std::move(done)] {
      threads_.erase(id);
      finish(done);
    });
  };
  std::jthread thread = started(std::move(body));
  std::stop_source stop = thread.get_stop_source();
  threads_.emplace(id, std::move(thread));
  return stop;
}

void ThreadWorkers::post(std::function<void()> what) {
  asio::post(io_, std::move(what));
}

}  // namespace holdfast
