#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string_view>

#include "service/platform/storage.h"

namespace holdfast {

enum class ExportPhase { Copying, ReadingBack, Checking };
std::string_view name(ExportPhase phase);

// Told now and then, on the caller's thread, how many bytes of a phase are done, of how many.
using OnExportProgress =
    std::function<void(ExportPhase phase, std::uint64_t done, std::uint64_t total)>;

struct ExportedArchive {
  std::filesystem::path copy;
  std::uint64_t bytes = 0;
};

// Copies an archive byte by byte into a folder, which is made when it is missing. The copy is
// written under another name, read back from the disk, compared with the original, and verified
// whole; only then does it get the archive's name. Nothing that was there is replaced:
// AlreadyExists. When it throws, nothing of what it wrote is left; what an export that was killed,
// or whose drive was pulled out, has left of this archive goes away at the next.
//
// Throws Error: ArchiveDamaged, and what ArchiveReader throws, for an archive that is not as it
// was, DiskFull when there is no room for it, Cancelled, and what the storage throws.
ExportedArchive export_archive(const std::filesystem::path& archive,
                               const std::filesystem::path& folder, Storage& storage,
                               const OnExportProgress& on_progress, const std::stop_token& stop);

}  // namespace holdfast
