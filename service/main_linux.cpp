#include "service/command_line/command_line.h"
#include "service/command_line/console.h"

int main(int count, char** arguments) {
  const holdfast::Console console;
  return static_cast<int>(holdfast::run_command_line({arguments + 1, arguments + count},
                                                     holdfast::commands(), console.output()));
}
