#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "service/archive/archive_name.h"
#include "service/archive/manifest.h"
#include "service/platform/storage.h"

namespace holdfast {

struct ListedArchive {
  std::filesystem::path file_name;
  ArchiveName name;
  std::uint64_t bytes = 0;
  // One of the two: what the archive says of itself, or a sentence that tells why it cannot. None
  // of what is not on this disk.
  std::optional<Manifest> manifest;
  std::string fault;
};

// Opens one archive of a folder for what it says of itself; `name` is what its file name tells.
// What is not on this disk is not opened.
ListedArchive list_archive(Storage& storage, const std::filesystem::path& folder,
                           const StoredEntry& entry, ArchiveName name);

// The archives in a folder, in the order of their names. What is not named like an archive is
// passed over; an archive that cannot be opened is listed with its fault. The contents are not
// verified.
std::vector<ListedArchive> list_archives(Storage& storage, const std::filesystem::path& folder);

}  // namespace holdfast
