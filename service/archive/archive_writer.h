#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "service/archive/entry_content.h"
#include "service/archive/manifest.h"
#include "service/archive/zip_writer.h"
#include "service/platform/storage.h"

namespace holdfast {

// What an entry is known to be before its content is read.
struct NewEntry {
  std::string name;
  ManifestEntry::Kind kind = ManifestEntry::Kind::File;
  std::uint64_t expected_size = 0;
  std::uint32_t page_size = 0;
};

class BlockDeflater;

// Writes an archive: content is cut into blocks, the blocks are deflated on all cores, and written
// in their order. Holds a bounded number of blocks, whatever the sizes.
class ArchiveWriter {
 public:
  using Sink = std::function<void(std::span<const std::byte>)>;

  ArchiveWriter(StoredFile& file, Time created_at);
  ArchiveWriter(const ArchiveWriter&) = delete;
  ArchiveWriter& operator=(const ArchiveWriter&) = delete;
  ~ArchiveWriter();

  // Adds one entry with whatever `produce` hands to the sink, and remembers it for the manifest. It
  // can be read back, as it was written and not yet verified, as long as this and the file live, by
  // other threads as well.
  EntryContent add(const NewEntry& entry, const std::function<void(const Sink&)>& produce);

  // Puts the manifest last, with the entries that were added, and completes the file. It is neither
  // flushed nor verified yet.
  void finish(Manifest& manifest);

 private:
  ManifestEntry write(const NewEntry& entry, const std::function<void(const Sink&)>& produce);

  StoredFile& file_;
  ZipWriter zip_;
  Time created_at_;
  std::unique_ptr<BlockDeflater> deflater_;
  std::deque<ManifestEntry> entries_;  // they stay where they are
  std::uint64_t content_place_ = 0;
};

}  // namespace holdfast
