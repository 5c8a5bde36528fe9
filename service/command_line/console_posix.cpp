#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include <sys/ioctl.h>

#include "service/command_line/console.h"

namespace holdfast {
namespace {

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

TerminalFacts facts_of(int descriptor) {
  TerminalFacts facts{.is_terminal = ::isatty(descriptor) != 0,
                      .takes_colour = true,
                      .no_color = variable("NO_COLOR"),
                      .term = variable("TERM")};
  winsize size{};
  if (facts.is_terminal && ::ioctl(descriptor, TIOCGWINSZ, &size) == 0) facts.columns = size.ws_col;
  return facts;
}

}  // namespace

Console::Console() : out_(facts_of(STDOUT_FILENO)), err_(facts_of(STDERR_FILENO)) {}

Console::~Console() = default;

Output Console::output() const {
  return {.out = std::cout,
          .err = std::cerr,
          .err_is_terminal = err_.is_terminal,
          .err_columns = style_for(err_).columns,
          .style = style_for(out_)};
}

}  // namespace holdfast
