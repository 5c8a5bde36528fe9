#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "service/archive/list_archives.h"
#include "service/archive/manifest.h"
#include "service/command_line/report_view.h"

namespace holdfast {

// What commands tell of an archive: to programs, and of its counts to people.
nlohmann::json archive_json(const std::filesystem::path& path, std::uint64_t bytes,
                            const Manifest& manifest);
std::string counts_text(const Manifest& manifest);

// What `holdfast list` prints of a folder.
nlohmann::json listed_json(const std::vector<ListedArchive>& archives,
                           const std::filesystem::path& folder);
std::string listed_report(const std::vector<ListedArchive>& archives, const ReportView& view);

// What came of reading an archive whole.
struct VerifiedArchive {
  std::string archive;  // as it was named
  std::vector<std::string> faults;
  std::uint64_t bytes = 0;
};

// What `holdfast verify` prints.
nlohmann::json verified_json(const std::vector<VerifiedArchive>& archives);
std::string verified_report(const std::vector<VerifiedArchive>& archives, const Style& style);

}  // namespace holdfast
