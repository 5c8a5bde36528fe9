#pragma once

#include <nlohmann/json_fwd.hpp>

#include "common/protocol/service_connection.h"
#include "service/command_line/archive_choice.h"
#include "service/command_line/command.h"

namespace holdfast {

// Asks the service for something about an archive. Where that is only in the cloud, the service
// cannot read it: then it is fetched here, with the rights of whoever calls, and the service is
// asked again until it has noticed. Ctrl+C ends that. Throws what the service answers, and what
// fetch_file() does.
nlohmann::json asked_of_archive(ServiceConnection& service, const ArchiveChoice& archive,
                                std::string_view method, const nlohmann::json& request,
                                std::chrono::milliseconds deadline,
                                const boost::program_options::variables_map& options,
                                Output output);

}  // namespace holdfast
