#include <unistd.h>

#include <iostream>

#include "service/command_line/command_line.h"

int main(int count, char** arguments) {
  return static_cast<int>(
      holdfast::run_command_line({arguments + 1, arguments + count}, holdfast::commands(),
                                 {std::cout, std::cerr, ::isatty(STDERR_FILENO) != 0}));
}
