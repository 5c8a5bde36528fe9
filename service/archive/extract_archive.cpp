#include "service/archive/extract_archive.h"

#include <functional>
#include <memory>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "common/path_text.h"
#include "common/text.h"
#include "service/archive/archive_error.h"
#include "service/archive/blocks_ahead.h"
#include "service/archive/content_check.h"
#include "service/archive/extraction_files.h"

namespace holdfast {
namespace {

// Writes the content of some entries of an archive, one after the other.
class EntryWriter {
 public:
  EntryWriter(const ArchiveReader& archive, std::size_t first_entry, std::size_t entry_count,
              const ArchiveProgress& progress, const std::stop_token& stop)
      : archive_(archive),
        blocks_(archive, first_entry, entry_count),
        progress_(progress),
        stop_(stop) {
    for (std::size_t i = 0; i < entry_count; ++i) total_ += archive.entries()[first_entry + i].size;
  }

  // Writes the next entry into the new file.
  void write_next(const ManifestEntry& entry, StoredFile& file) {
    std::uint64_t place = 0;
    read_next(entry, [&](std::span<const std::byte> block) {
      if (!block.empty()) file.write_at(place, block);
      place += block.size();
    });
  }

  // Hands over the next entry, before it is known whether it is what was backed up.
  void read_next(const ManifestEntry& entry,
                 const std::function<void(std::span<const std::byte> block)>& take) {
    ContentCheck check;
    for (std::size_t i = 0; i < entry.block_offsets.size(); ++i) {
      if (stop_.stop_requested()) throw cancelled_archive("extract", archive_.name());
      InflatedBlock block = blocks_.next().value();
      if (block.failure) std::rethrow_exception(block.failure);
      check.add(block);
      take(block.content);
      done_ += block.content.size();
      blocks_.recycle(std::move(block));
      if (progress_) progress_(done_, total_);
    }
    if (const auto fault = check.fault(entry)) {
      throw damaged_archive(archive_.name(), fmt::format("{} {}", one_line(entry.name), *fault));
    }
  }

 private:
  const ArchiveReader& archive_;
  BlocksAhead blocks_;
  const ArchiveProgress& progress_;
  const std::stop_token& stop_;
  std::uint64_t done_ = 0;
  std::uint64_t total_ = 0;
};

void check_room(const ArchiveReader& archive, Storage& storage, const std::filesystem::path& folder,
                std::uint64_t bytes) {
  const std::uint64_t free = storage.free_bytes(folder);
  if (free >= bytes) return;
  throw Error(
      ErrorCode::DiskFull,
      fmt::format("Cannot extract the archive {} to {}: it needs {} bytes, and {} are free.",
                  one_line(archive.name()), path_text(folder), bytes, free),
      "Free some space, or choose a folder on another disk.");
}

}  // namespace

void extract_archive(const ArchiveReader& archive, Storage& storage,
                     const std::filesystem::path& folder, const ArchiveProgress& progress,
                     const std::stop_token& stop, const EntryAside& aside) {
  ExtractionFiles files(storage);
  files.make_target(folder);
  std::uint64_t bytes = 0;
  for (const ManifestEntry& entry : archive.entries()) {
    if (entry.name == aside.name) continue;
    bytes += entry.size;
    const std::filesystem::path below = text_path(entry.name);
    files.make_folder(folder, below.parent_path());
    files.expect_free(folder / below);
  }
  EntryWriter writer(archive, 0, archive.entries().size(), progress, stop);
  check_room(archive, storage, folder, bytes);
  for (const ManifestEntry& entry : archive.entries()) {
    if (entry.name == aside.name) {
      writer.read_next(entry, aside.take);
      continue;
    }
    const std::unique_ptr<StoredFile> file = files.create(folder / text_path(entry.name));
    writer.write_next(entry, *file);
    file->flush();
  }
  files.publish();
  files.keep();
}

void extract_entry(const ArchiveReader& archive, std::size_t entry, Storage& storage,
                   const std::filesystem::path& file, const ArchiveProgress& progress,
                   const std::stop_token& stop) {
  ExtractionFiles files(storage);
  files.expect_free(file);
  EntryWriter writer(archive, entry, 1, progress, stop);
  const std::filesystem::path folder = file.parent_path();
  check_room(archive, storage, folder.empty() ? std::filesystem::path(".") : folder,
             archive.entries().at(entry).size);
  {
    const std::unique_ptr<StoredFile> created = files.create(file);
    writer.write_next(archive.entries().at(entry), *created);
    created->flush();
  }
  files.publish();
  files.keep();
}

}  // namespace holdfast
