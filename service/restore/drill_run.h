#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <stop_token>
#include <string>

#include "service/archive/archive_progress.h"
#include "service/archive/manifest.h"
#include "service/platform/storage.h"

namespace holdfast {

struct DrillRequest {
  std::filesystem::path archive;
  // Where it is restored to, in a folder of its own; never beside what is protected.
  std::filesystem::path scratch;
  std::map<std::string, std::string> counts;  // name -> SQL
};

struct DrillResult {
  Manifest manifest;
  std::uint64_t bytes = 0;  // of what was restored
};

// Restores an archive as a test and proves that it can be: every file is written, read back from
// the disk and compared with what was backed up, every database is checked whole, and what can be
// counted is what was counted then. Nothing of it is left afterwards, whatever comes of it; what a
// test that was killed has left is removed first.
//
// Throws Error: ArchiveDamaged when the archive cannot be restored, DiskFull when there is no room
// for it, CountFailed when a query does not run on it, Cancelled soon after `stop` is requested,
// and what ArchiveReader and the storage throw.
DrillResult run_drill(const DrillRequest& request, Storage& storage,
                      const ArchiveProgress& on_progress, const std::stop_token& stop);

}  // namespace holdfast
