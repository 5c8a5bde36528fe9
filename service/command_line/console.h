#pragma once

#include "service/command_line/command.h"

namespace holdfast {

// The program's own streams, as a command's output. While it lives, a console of Windows
// understands the sequences that switch colours; then it is as it was.
class Console {
 public:
  Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;
  ~Console();

  Output output() const;

 private:
  TerminalFacts out_;
  TerminalFacts err_;
  [[maybe_unused]] unsigned long mode_before_ = 0;  // of a console of Windows
};

}  // namespace holdfast
