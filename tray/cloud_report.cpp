#include "tray/cloud_report.h"

#include <algorithm>
#include <array>
#include <string_view>
namespace holdfast {
namespace {

constexpr std::array<std::string_view, 6> kAccountWords{"in-sync", "syncing", "paused",
                                                        "error",   "warning", "offline"};
// As many as the service takes.
constexpr std::size_t kMostFiles = 100;
constexpr std::uint32_t kHighestFileState = 9;

char folded(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool is_inside(const SeenArchive& archive, const SeenRoot& root) {
  const std::string folder = archive.folder + '\\';
  const std::string outer = root.folder + '\\';
  return folder.size() >= outer.size() &&
         std::ranges::equal(outer, folder.substr(0, outer.size()), {}, folded, folded);
}

// The account of the root that holds them all.
std::optional<AccountSight> account_of(std::span<const SeenRoot> roots,
                                       std::span<const SeenArchive> archives) {
  for (const SeenRoot& root : roots) {
    const bool holds_all = std::ranges::all_of(
        archives, [&](const SeenArchive& archive) { return is_inside(archive, root); });
    if (holds_all) return root.account;
  }
  return std::nullopt;
}

}  // namespace

std::optional<nlohmann::json> cloud_report(std::span<const SeenRoot> roots,
                                           std::span<const SeenArchive> archives) {
  if (archives.empty()) return std::nullopt;
  nlohmann::json report;
  if (const auto account = account_of(roots, archives)) {
    if (account->state < kAccountWords.size()) report["account"] = kAccountWords[account->state];
    if (account->total_bytes != 0 && account->used_bytes >= account->total_bytes) {
      report["quota_full"] = true;
    }
  }
  for (const SeenArchive& archive : archives.first(std::min(archives.size(), kMostFiles))) {
    if (archive.state && *archive.state <= kHighestFileState) {
      report["files"][archive.file_name] = *archive.state;
    }
  }
  if (report.is_null()) return std::nullopt;
  return report;
}

}  // namespace holdfast
