#pragma once

#include <iosfwd>
#include <span>
#include <string_view>

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>

#include "service/command_line/exit_code.h"

namespace holdfast {

// Where a command writes. Errors are reported by run_command_line(), not by commands.
struct Output {
  std::ostream& out;
  std::ostream& err;
  // Somebody watches `err` and can be shown progress.
  bool err_is_terminal = false;
};

struct Command {
  std::string_view name;
  std::string_view synopsis;
  std::string_view summary;
  std::string_view details;
  std::string_view example;
  // What stands behind the options, read as the option of this name; empty when nothing may.
  const char* operands = "";
  void (*add_options)(boost::program_options::options_description& options);
  ExitCode (*run)(const boost::program_options::variables_map& options, Output output);
};

// The commands that this program has on this system, in the order in which help lists them.
std::span<const Command> commands();

}  // namespace holdfast
