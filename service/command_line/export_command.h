#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/protocol/service_connection.h"
#include "service/command_line/command.h"

namespace holdfast {

Command export_command();

// Where an archive of the dataset lies, by what the service tells, however many pages that takes.
// Throws Error(NotFound).
std::filesystem::path archive_place(ServiceConnection& service, const std::string& dataset,
                                    const std::string& file_name);

// What came of exporting one archive.
struct ArchiveExport {
  std::string archive;  // as it was named
  std::string copy;     // empty when it failed
  std::uint64_t bytes = 0;
  std::string fault;  // why it failed, with what to do
};

// What `holdfast export` prints.
nlohmann::json exported_json(const std::vector<ArchiveExport>& archives);
std::string exported_report(const std::vector<ArchiveExport>& archives, const Style& style);

}  // namespace holdfast
