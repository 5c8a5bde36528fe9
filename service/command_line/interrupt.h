#pragma once

#include <memory>
#include <stop_token>
#include <thread>

namespace holdfast {

// While it lives, Ctrl+C asks the work to stop instead of ending the program in its middle.
class Interrupt {
 public:
  Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt();

  std::stop_token token() const { return stop_.get_token(); }

 private:
  std::stop_source stop_;
  struct Signals;
  std::unique_ptr<Signals> signals_;
  std::jthread thread_;
};

}  // namespace holdfast
