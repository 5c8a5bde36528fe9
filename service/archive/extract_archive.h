#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <stop_token>
#include <string_view>

#include "service/archive/archive_progress.h"
#include "service/archive/archive_reader.h"
#include "service/platform/storage.h"

namespace holdfast {

// Writes every entry's content below `folder`, which is made when it is missing. Each file is
// written under a temporary name, compared with its size and checksums on the way, and flushed;
// only when all are complete do they get their names. Nothing that was there is replaced:
// AlreadyExists. Links below the folder are not followed. When it throws, nothing of what it wrote
// is left. Throws Error(ArchiveDamaged) for a content that is not what was backed up, and
// Error(Cancelled).
//
// The content of the entry that is to go `aside` is written nowhere, but handed over.
struct EntryAside {
  std::string_view name;  // of the entry; empty for none
  std::function<void(std::span<const std::byte> block)> take;
};
void extract_archive(const ArchiveReader& archive, Storage& storage,
                     const std::filesystem::path& folder, const ArchiveProgress& progress = {},
                     const std::stop_token& stop = {}, const EntryAside& aside = {});

// The same for one entry, into a file of another name. Its folder must be there.
void extract_entry(const ArchiveReader& archive, std::size_t entry, Storage& storage,
                   const std::filesystem::path& file, const ArchiveProgress& progress = {},
                   const std::stop_token& stop = {});

}  // namespace holdfast
