#include "service/command_line/all_commands.h"
#include "service/command_line/setup_command.h"
#include "service/host/console_host.h"
#include "service/host/service_host.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;

ExitCode run(const po::variables_map&, Output output) {
  run_in_console(output.out);
  return ExitCode::Success;
}

ExitCode service(const po::variables_map&, Output) {
  run_as_service();
  return ExitCode::Success;
}

}  // namespace

std::span<const Command> commands() {
  static const std::vector<Command> commands = [] {
    std::vector<Command> all = all_commands({.run_in_console = &run, .run_as_service = &service});
    all.push_back(setup_command());
    return all;
  }();
  return commands;
}

}  // namespace holdfast
