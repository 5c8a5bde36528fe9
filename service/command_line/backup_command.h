#pragma once

#include <stop_token>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/protocol/service_client.h"
#include "service/command_line/command.h"
#include "service/command_line/progress_line.h"

namespace holdfast {

Command backup_command();

// Asks for backups, and waits for them. When the service goes away meanwhile, nobody knows what
// came of them: they are asked for anew once it is back. When a stop is requested, those that have
// not ended are left as they are: they go on in the service.
nlohmann::json wait_for_backups(ServiceClient& service, const nlohmann::json& request,
                                ProgressLine::Watched is_watched, Output output,
                                const std::stop_token& stop);

// What the command prints of them, and its exit code.
enum class AskedTo { Begin, Wait };
struct BackupReport {
  ExitCode code = ExitCode::Success;
  std::string out, err;
};
BackupReport backup_report(const nlohmann::json& runs, AskedTo asked_to, const Style& style);

}  // namespace holdfast
