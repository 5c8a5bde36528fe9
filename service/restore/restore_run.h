#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string_view>

#include "service/archive/manifest.h"
#include "service/backup/backup_run.h"
#include "service/platform/storage.h"
#include "service/restore/restore_preview.h"

namespace holdfast {

enum class ForeignArchive { Refused, Accepted };

struct RestoreRequest {
  std::filesystem::path archive;
  RestoreTarget target;
  // How what is there now is archived before.
  BackupRequest safety;
  ForeignArchive foreign = ForeignArchive::Refused;
};

enum class RestorePhase { Staging, Checking, Saving, Restoring, Confirming };
std::string_view name(RestorePhase phase);

struct RestoreProgress {
  RestorePhase phase = RestorePhase::Staging;
  std::uint64_t done_bytes = 0;
  std::uint64_t total_bytes = 0;
};
using OnRestoreProgress = std::function<void(const RestoreProgress&)>;

struct RestoreResult {
  Manifest manifest;                     // of what was restored
  std::filesystem::path safety_archive;  // of what was there before; empty when none could be made
  std::filesystem::path set_aside;       // the files that were there before; empty when archived
  // What an application made since an earlier restore was broken off, where it was in the way.
  std::filesystem::path made_since;
  BackupResult saved;  // of the safety archive, if it could be made
};

// Puts an archive in the place of a database and its side files, or throws Error and leaves all as
// it was. The archive is read whole and checked first, and what is there is archived, or set aside
// where it is damaged. Programs may have the database open: they see all of it or nothing.
//
// When it returns, what was restored was read back. Until then a crash at any moment leaves
// recover_restore() what it needs. Throws Error(Cancelled) soon after `stop` is requested, as long
// as nothing was changed; from then on it goes on to its end.
RestoreResult run_restore(const RestoreRequest& request, Storage& storage, const Clock& clock,
                          const OnRestoreProgress& on_progress, const std::stop_token& stop);

}  // namespace holdfast
