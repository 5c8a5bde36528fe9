#pragma once

#include <iosfwd>
#include <span>
#include <string_view>

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>

#include "service/command_line/exit_code.h"
#include "service/command_line/style.h"

namespace holdfast {

// Where a command writes. Errors are reported by run_command_line(), not by commands.
struct Output {
  std::ostream& out;
  std::ostream& err;
  // Somebody watches `err` and can be shown progress, in lines of this width.
  bool err_is_terminal = false;
  std::size_t err_columns = kUsualColumns;
  // How what is written to `out` looks.
  Style style = {};
};

struct ExitMeaning {
  ExitCode code;
  std::string_view meaning;
};

// What may stand behind a command beside its options, for those who complete what is typed.
enum class OperandKind { None, File, Dataset };

struct Command {
  enum class Listed { Yes, No };

  std::string_view name;
  std::string_view synopsis;  // several ways are divided by line feeds
  std::string_view summary;
  std::string_view details;
  std::string_view example;  // several are divided by line feeds
  // What this command's codes mean beside those of every command.
  std::span<const ExitMeaning> exit_codes = {};
  // What stands behind the options, read as the option of this name; empty when nothing may.
  const char* operands = "";
  OperandKind operand_kind = OperandKind::None;
  // When there are any, the first operand is one of these, and the others are of the kind.
  std::span<const std::string_view> first_operands = {};
  void (*add_options)(boost::program_options::options_description& options);
  ExitCode (*run)(const boost::program_options::variables_map& options, Output output);
  // Whether help tells of it.
  Listed listed = Listed::Yes;
};

// The commands that this program has on this system, in the order in which help lists them.
std::span<const Command> commands();

}  // namespace holdfast
