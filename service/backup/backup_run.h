#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "common/clock.h"
#include "common/error.h"
#include "service/archive/archive_name.h"
#include "service/archive/manifest.h"
#include "service/backup/include_pattern.h"
#include "service/platform/storage.h"

namespace holdfast {

struct BackupRequest {
  std::string dataset;
  std::filesystem::path database;
  std::filesystem::path destination;
  std::vector<std::string> include;
  LetterCase letter_case = LetterCase::Matters;
  std::map<std::string, std::string> counts;  // name -> SQL
  ArchiveName::Kind kind = ArchiveName::Kind::Backup;
  std::string reason;
  std::string host;
  std::string user;
  // How often it is tried again when the database is busy or a file changes while it is read; the
  // first time after a second, then always after twice as long.
  int retries = 3;
  // Handed each page of the main database as it is archived, in their order; with each try from the
  // first one again. May be empty.
  std::function<void(std::uint32_t number, std::span<const std::byte> page)> on_page = {};
};

struct BackupResult {
  std::filesystem::path archive;
  std::uint64_t archive_bytes = 0;
  Manifest manifest;
  // Of what is in the archive; see change_mark.h.
  std::string change_mark;
};

enum class BackupPhase { Reading, Checking, Verifying };
std::string_view name(BackupPhase phase);

struct BackupProgress {
  BackupPhase phase = BackupPhase::Reading;
  std::uint64_t done_bytes = 0;
  std::uint64_t total_bytes = 0;
};
using OnBackupProgress = std::function<void(const BackupProgress&)>;

// Makes one verified archive, or throws Error and leaves the destination as it was. When it
// returns, the archive has been read back and compared with what was read from the source, the
// databases in it have passed their integrity check, and it stands on the disk under its final
// name.
//
// Throws Error(Cancelled) soon after `stop` is requested.
BackupResult run_backup(const BackupRequest& request, Storage& storage, const Clock& clock,
                        const OnBackupProgress& on_progress, const std::stop_token& stop);

// Removes what earlier attempts at this dataset on this host left unfinished in the destination.
// Tells why some of it could not be removed now; throws what listing the destination throws.
std::vector<Error> sweep_unfinished(Storage& storage, const std::filesystem::path& destination,
                                    std::string_view dataset, std::string_view host);

}  // namespace holdfast
