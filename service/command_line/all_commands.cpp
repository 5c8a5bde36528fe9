#include "service/command_line/all_commands.h"

#include "service/command_line/accept_command.h"
#include "service/command_line/archives_command.h"
#include "service/command_line/backup_command.h"
#include "service/command_line/complete_command.h"
#include "service/command_line/config_command.h"
#include "service/command_line/delete_command.h"
#include "service/command_line/drill_command.h"
#include "service/command_line/export_command.h"
#include "service/command_line/extract_command.h"
#include "service/command_line/history_command.h"
#include "service/command_line/list_command.h"
#include "service/command_line/preview_command.h"
#include "service/command_line/report_command.h"
#include "service/command_line/restore_command.h"
#include "service/command_line/retention_command.h"
#include "service/command_line/snapshot_command.h"
#include "service/command_line/status_command.h"
#include "service/command_line/undo_command.h"
#include "service/command_line/verify_command.h"

namespace holdfast {
namespace {

void no_options(boost::program_options::options_description&) {}

Command run_command(decltype(Command::run) action) {
  return {.name = "run",
          .synopsis = "run",
          .summary = "Runs Holdfast in this console instead of as a service",
          .details = "Needs an administrator, and the service not running. Ctrl+C stops it.",
          .example = "holdfast run",
          .add_options = &no_options,
          .run = action};
}

Command service_command(decltype(Command::run) action) {
  return {.name = "service",
          .synopsis = "service",
          .summary = "Runs as the Windows service; started by Windows, not by hand",
          .details = "",
          .example = "sc.exe start Holdfast",
          .add_options = &no_options,
          .run = action};
}

}  // namespace

std::vector<Command> direct_commands() {
  return {snapshot_command(),   verify_command(),  extract_command(), export_command(),
          list_command(),       preview_command(), restore_command(), config_command(),
          completion_command(), complete_command()};
}

std::vector<Command> all_commands(const HostActions& actions) {
  std::vector<Command> all{status_command(),   backup_command(),    history_command(),
                           archives_command(), retention_command(), delete_command(),
                           undo_command(),     drill_command(),     accept_command(),
                           report_command()};
  for (const Command& command : direct_commands()) all.push_back(command);
  all.push_back(run_command(actions.run_in_console));
  all.push_back(service_command(actions.run_as_service));
  return all;
}

}  // namespace holdfast
