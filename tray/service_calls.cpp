#include "tray/service_calls.h"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

// While a question is open, how long the next one waits at most until it is sent.
constexpr auto kGlance = 20ms;
constexpr auto kSendDeadline = 5s;

Error late(const std::string& method) {
  return {ErrorCode::TimedOut, "The Holdfast service did not answer " + method + " in time.",
          "Try again; if it stays so, restart the service \"Holdfast\"."};
}

// A copy of an exception shares its text with the original, which stays with the thread that caught
// it.
Error apart(const Error& failure) {
  return {failure.code(), std::string(failure.what()), failure.action()};
}

}  // namespace

ServiceCalls::ServiceCalls(ServiceClient::Connect connect, std::function<void()> on_outcome)
    : on_outcome_(std::move(on_outcome)),
      client_(std::move(connect), clock_),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

ServiceCalls::~ServiceCalls() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  thread_.request_stop();
  changed_.notify_all();
  client_.cancel();
}

void ServiceCalls::ask(const void* asker, std::string_view method, nlohmann::json params, Then then,
                       Milliseconds deadline) {
  const std::uint64_t number = ++last_number_;
  waiting_[number] = {.asker = asker, .then = std::move(then)};
  {
    const std::scoped_lock lock(mutex_);
    asked_.push_back({.number = number,
                      .method = std::string(method),
                      .params = std::move(params),
                      .deadline = deadline});
  }
  changed_.notify_all();
}

void ServiceCalls::forget(const void* asker) {
  std::erase_if(waiting_, [asker](const auto& entry) { return entry.second.asker == asker; });
}

void ServiceCalls::deliver() {
  for (const auto& [number, outcome] : answers_.take_all()) {
    // What is told may forget others, and ask more.
    if (const auto told = waiting_.extract(number)) told.mapped().then(outcome);
  }
}

void ServiceCalls::run(const std::stop_token& stop) noexcept {
  while (wait_for_work()) {
    try {
      work(stop);
    } catch (const Error& failure) {
      fail_all(failure);
      client_.lost(stop);
    } catch (const std::exception& surprise) {
      fail_all(Error(ErrorCode::Internal, surprise.what(), "The tray's log may tell more."));
      client_.lost(stop);
    }
  }
}

// Whether there is any, and not the end.
bool ServiceCalls::wait_for_work() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stopping_ || !asked_.empty() || !open_.empty(); });
  return !stopping_;
}

void ServiceCalls::work(const std::stop_token& stop) {
  send_what_was_asked(stop);
  if (!open_.empty()) take_answers(client_.connection());
}

// One that has rested may have been closed from the other side, which shows only when it is read.
ServiceConnection& ServiceCalls::living_connection(const std::stop_token& stop) {
  try {
    if (open_.empty()) client_.connection().next_notification(1ms);
  } catch (const Error& failure) {
    if (!is_lost_connection(failure)) throw;
    client_.lost(stop);
  }
  return client_.connection();
}

void ServiceCalls::send_what_was_asked(const std::stop_token& stop) {
  std::vector<Question> asked;
  {
    const std::scoped_lock lock(mutex_);
    asked = asked_;
  }
  if (asked.empty()) return;
  ServiceConnection& service = living_connection(stop);
  for (Question& question : asked) {
    const std::uint64_t request = service.send(question.method, question.params, kSendDeadline);
    open_.push_back({.number = question.number,
                     .request = request,
                     .method = std::move(question.method),
                     .end = steady_clock::now() + question.deadline});
    const std::scoped_lock lock(mutex_);
    asked_.erase(asked_.begin());
  }
}

void ServiceCalls::take_answers(ServiceConnection& service) {
  auto patience = kGlance;
  for (std::size_t place = 0; place < open_.size();) {
    const OpenQuestion& question = open_[place];
    CallOutcome outcome;
    try {
      const auto result =
          service.answer(question.request, std::exchange(patience, std::chrono::milliseconds(1)));
      if (!result && steady_clock::now() < question.end) {
        ++place;
        continue;
      }
      if (result) outcome.result = *result;
      if (!result) outcome.failure = late(question.method);
    } catch (const Error& failure) {
      if (is_lost_connection(failure)) throw;
      outcome.failure = apart(failure);
    }
    client_.works();
    const std::uint64_t number = question.number;
    open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(place));
    finish(number, std::move(outcome));
  }
}

void ServiceCalls::finish(std::uint64_t number, CallOutcome outcome) {
  answers_.put({.number = number, .outcome = std::move(outcome)});
  on_outcome_();
}

void ServiceCalls::fail_all(const Error& failure) {
  spdlog::warn("Calls to the service failed: {}", failure.what());
  std::vector<Question> asked;
  {
    const std::scoped_lock lock(mutex_);
    asked = std::exchange(asked_, {});
  }
  for (const OpenQuestion& question : std::exchange(open_, {})) {
    finish(question.number, {.failure = apart(failure)});
  }
  for (const Question& question : asked) finish(question.number, {.failure = apart(failure)});
}

}  // namespace holdfast
