#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <stop_token>
#include <thread>

#include "common/io_context_fwd.h"

namespace holdfast {

// Does off the agent's thread what takes its time.
class Workers {
 public:
  // What to do on the agent's thread once the work is done; may be empty.
  using Done = std::function<void()>;
  // Must not throw.
  using Task = std::function<Done(const std::stop_token& stop)>;

  Workers() = default;
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  virtual ~Workers() = default;

  // Called on the agent's thread. The returned source asks the task to end. Throws Error when there
  // is nobody to do it: then neither the task nor its Done is ever called.
  virtual std::stop_source start(Task task) = 0;
  // Called by a task: has this done on the agent's thread, before the task's own Done.
  virtual void post(std::function<void()> what) = 0;
};

// A thread for each task; there are few. The io_context does not run dry before all are done. What
// a Done throws is logged: it ends nothing but itself.
class ThreadWorkers final : public Workers {
 public:
  explicit ThreadWorkers(boost::asio::io_context& io) : io_(io) {}

  std::stop_source start(Task task) override;
  void post(std::function<void()> what) override;

 private:
  boost::asio::io_context& io_;
  std::uint64_t last_id_ = 0;
  std::map<std::uint64_t, std::jthread> threads_;
};

}  // namespace holdfast
