#include "service/command_line/archive_report.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/path_text.h"
#include "common/text.h"

namespace holdfast {

using nlohmann::json;

json archive_json(const std::filesystem::path& path, std::uint64_t bytes,
                  const Manifest& manifest) {
  return {{"archive", path_text(path)},
          {"bytes", bytes},
          {"dataset", manifest.dataset},
          {"created_at", utc_text(manifest.created_at)},
          {"host", manifest.host},
          {"reason", manifest.reason},
          {"entries", manifest.entries.size()},
          {"counts", manifest.counts}};
}

std::string counts_text(const Manifest& manifest) {
  std::string text;
  for (const auto& [name, value] : manifest.counts) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", one_line(name), value);
  }
  return text;
}

}  // namespace holdfast
