#include <array>

#include "service/command_line/accept_command.h"
#include "service/command_line/backup_command.h"
#include "service/command_line/command.h"
#include "service/command_line/config_command.h"
#include "service/command_line/extract_command.h"
#include "service/command_line/history_command.h"
#include "service/command_line/list_command.h"
#include "service/command_line/retention_command.h"
#include "service/command_line/snapshot_command.h"
#include "service/command_line/status_command.h"
#include "service/command_line/verify_command.h"
#include "service/host/console_host.h"
#include "service/host/service_host.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;

void no_options(po::options_description&) {}

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
  static const std::array<Command, 12> commands{{
      status_command(),
      backup_command(),
      history_command(),
      retention_command(),
      accept_command(),
      snapshot_command(),
      verify_command(),
      extract_command(),
      list_command(),
      config_command(),
      {.name = "run",
       .synopsis = "run",
       .summary = "Runs Holdfast in this console instead of as a service",
       .details = "Needs an administrator, and the service not running. Ctrl+C stops it.",
       .example = "holdfast run",
       .add_options = &no_options,
       .run = &run},
      {.name = "service",
       .synopsis = "service",
       .summary = "Runs as the Windows service; started by Windows, not by hand",
       .details = "",
       .example = "sc start Holdfast",
       .add_options = &no_options,
       .run = &service},
  }};
  return commands;
}

}  // namespace holdfast
