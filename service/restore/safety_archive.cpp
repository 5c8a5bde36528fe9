#include "service/restore/safety_archive.h"

#include <algorithm>
#include <cstdint>
#include <span>

#include "service/archive/sqlite_sidecars.h"

namespace holdfast {

SafetyArchive::SafetyArchive(const BackupRequest& request, Storage& storage, const Clock& clock)
    : request_(request), storage_(storage), clock_(clock) {}

void SafetyArchive::make(const Manifest& restored, PageDifference& difference,
                         const OnBackupProgress& on_progress, const std::stop_token& stop) {
  BackupRequest request = request_;
  request.kind = ArchiveName::Kind::Safety;
  request.on_page = [&difference](std::uint32_t number, std::span<const std::byte> page) {
    difference.take(number, page);
  };
  for (const ManifestEntry& entry : restored.entries) {
    if (entry.name != restored.database) request.include.push_back(entry.name);
  }
  made_ = run_backup(request, storage_, clock_, on_progress, stop);
}

bool SafetyArchive::has(const std::string& name) const {
  const auto& entries = made_.manifest.entries;
  return std::ranges::any_of(entries, [&](const ManifestEntry& entry) {
    return entry.name == name ||
           (entry.kind == ManifestEntry::Kind::Database && is_sidecar_of(name, entry.name));
  });
}

bool must_be_set_aside(ErrorCode code) {
  return code == ErrorCode::NotFound || code == ErrorCode::NotADatabase ||
         code == ErrorCode::DatabaseEmpty || code == ErrorCode::DatabaseDamaged;
}

}  // namespace holdfast
