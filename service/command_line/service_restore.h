#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/protocol/service_connection.h"
#include "service/command_line/archive_choice.h"
#include "service/command_line/command.h"

namespace holdfast {

// What restoring an archive that the service knows would change. Like the others, it fetches an
// archive that is only in the cloud.
nlohmann::json preview_by_service(ServiceConnection& service, const ArchiveChoice& archive,
                                  bool with_rows,
                                  const boost::program_options::variables_map& options,
                                  Output output);

// Shows that to whoever is then asked, unless --yes was said; whether the answer is yes. Throws
// Error(Usage) when nobody can be asked.
bool is_restore_confirmed(ServiceConnection& service, const ArchiveChoice& archive,
                          const std::string& question,
                          const boost::program_options::variables_map& options, Output output);

// Has the service restore the archive, by one of the methods that begin it, and waits until it has
// ended. Ctrl+C cancels it, as long as that is possible. Prints what came of it.
ExitCode restore_by_service(ServiceConnection& service, const ArchiveChoice& archive,
                            std::string_view method, const nlohmann::json& request,
                            const boost::program_options::variables_map& options, Output output);

}  // namespace holdfast
