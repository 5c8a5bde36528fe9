#include "service/archive/archive_writer.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <isa-l/crc.h>

#include "common/error.h"
#include "service/archive/block_deflater.h"
#include "service/archive/content_hash.h"

namespace holdfast {
namespace {

constexpr std::string_view kUnfinished = "the unfinished archive";

// The checksums of a content, in order.
class Checksums {
 public:
  void add(std::span<const std::byte> bytes) {
    crc32_ =
        crc32_gzip_refl(crc32_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    xxh3_.add(bytes);
    size_ += bytes.size();
  }
  std::uint32_t crc32() const { return crc32_; }
  std::uint64_t size() const { return size_; }
  std::string xxh3() const { return xxh3_.digits(); }

 private:
  ContentHash xxh3_;
  std::uint32_t crc32_ = 0;
  std::uint64_t size_ = 0;
};

// One entry on its way into the archive.
class EntryStream {
 public:
  EntryStream(ZipWriter& zip, BlockDeflater& deflater, ManifestEntry& entry)
      : zip_(zip), deflater_(deflater), entry_(entry) {
    block_.reserve(kBlockBytes);
  }

  void take(std::span<const std::byte> bytes) {
    checksums_.add(bytes);
    while (!bytes.empty()) {
      // Only when more comes is it known that a full block is not the last one.
      if (block_.size() == kBlockBytes) push(BlockPlace::Inner);
      const std::size_t part = std::min(bytes.size(), kBlockBytes - block_.size());
      block_.insert(block_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(part));
      bytes = bytes.subspan(part);
    }
  }

  void finish() {
    push(BlockPlace::Last);
    while (!deflater_.is_empty()) write_oldest();
    entry_.size = checksums_.size();
    entry_.crc32 = checksums_.crc32();
    entry_.xxh3 = checksums_.xxh3();
    zip_.end_entry(entry_.size, entry_.crc32);
  }

 private:
  void push(BlockPlace place) {
    if (deflater_.is_full()) write_oldest();
    deflater_.push(std::exchange(block_, deflater_.empty_block()), place);
    block_.reserve(kBlockBytes);
  }

  void write_oldest() {
    std::vector<std::byte> deflated = deflater_.pop();
    entry_.block_offsets.push_back(entry_.compressed_size);
    entry_.compressed_size += deflated.size();
    zip_.write_deflated(deflated);
    deflater_.recycle(std::move(deflated));
  }

  ZipWriter& zip_;
  BlockDeflater& deflater_;
  ManifestEntry& entry_;
  Checksums checksums_;
  std::vector<std::byte> block_;
};

}  // namespace

ArchiveWriter::ArchiveWriter(StoredFile& file, Time created_at)
    : file_(file),
      zip_(file),
      created_at_(created_at),
      deflater_(std::make_unique<BlockDeflater>()) {}

ArchiveWriter::~ArchiveWriter() = default;

EntryContent ArchiveWriter::add(const NewEntry& entry,
                                const std::function<void(const Sink&)>& produce) {
  entries_.push_back(write(entry, produce));
  return {kUnfinished, file_, content_place_, entries_.back()};
}

void ArchiveWriter::finish(Manifest& manifest) {
  manifest.created_at = created_at_;
  manifest.entries.assign(entries_.begin(), entries_.end());
  const std::string text = manifest_text(manifest);
  write({.name = std::string(kManifestName), .expected_size = text.size()},
        [&text](const Sink& sink) { sink(std::as_bytes(std::span(text))); });
  zip_.finish();
}

ManifestEntry ArchiveWriter::write(const NewEntry& entry,
                                   const std::function<void(const Sink&)>& produce) {
  ManifestEntry written{.kind = entry.kind, .name = entry.name, .page_size = entry.page_size};
  content_place_ = zip_.begin_entry(entry.name, created_at_, entry.expected_size);
  EntryStream stream(zip_, *deflater_, written);
  produce([&stream](std::span<const std::byte> bytes) { stream.take(bytes); });
  stream.finish();
  return written;
}

}  // namespace holdfast
