#include "service/jobs/workers.h"

#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

namespace holdfast {

namespace asio = boost::asio;

std::stop_source ThreadWorkers::start(Task task) {
  const std::uint64_t id = ++last_id_;
  auto body = [this, id, task = std::move(task),
               guard = asio::make_work_guard(io_)](const std::stop_token& stop) noexcept {
    Done done = task(stop);
    asio::post(io_, [this, id, done = std::move(done)] {
      threads_.erase(id);
      if (done) done();
    });
  };
  std::jthread thread(std::move(body));
  std::stop_source stop = thread.get_stop_source();
  threads_.emplace(id, std::move(thread));
  return stop;
}

void ThreadWorkers::post(std::function<void()> what) {
  asio::post(io_, std::move(what));
}

}  // namespace holdfast
