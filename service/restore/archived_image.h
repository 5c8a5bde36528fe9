#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "service/archive/entry_content.h"
#include "service/platform/storage.h"
#include "service/restore/staged_image.h"

namespace holdfast {

// The main database in an archive, staged without writing it once more: what stands in the live
// file just so is read there, what does not is kept in a file of its own, and where the live file
// has changed since, the archive is inflated again. Digests of all of it, taken when it was
// compared with what was backed up, tell each byte from any other; so nobody who changes the live
// file or the archive meanwhile changes what is read.
//
// One thread stages; then many may read. The archive must outlive it.
class ArchivedImage final : public StagedImage {
 public:
  // `live` may be missing, or anything: then all is kept. `kept` is made, and never flushed.
  ArchivedImage(const EntryContent& content, std::filesystem::path live, Storage& storage,
                const std::filesystem::path& kept);
  ArchivedImage(const ArchivedImage&) = delete;
  ArchivedImage& operator=(const ArchivedImage&) = delete;
  ~ArchivedImage() override;

  // The next bytes of the content: whole blocks, in their order.
  void take(std::span<const std::byte> block);

  std::uint64_t size() const override { return content_.entry().size; }
  std::unique_ptr<ImageReader> reader() const override;
  std::unique_ptr<StagedDatabase> database(std::function<bool()> must_end,
                                           const Error& cancelled) const override;

 private:
  class LiveFile;
  class Reader;

  void keep(std::span<const std::byte> parts);

  const EntryContent content_;
  const std::filesystem::path live_;
  const std::unique_ptr<StoredFile> kept_;
  const std::size_t part_bytes_;
  std::unique_ptr<LiveFile> compared_;  // while it is staged
  std::vector<std::byte> there_;        // in the live file, while it is staged
  std::vector<std::uint64_t> digests_;  // of each part
  std::vector<std::uint32_t> places_;   // of each part in the file that is kept, counted from 1
  std::uint32_t kept_parts_ = 0;
  std::uint64_t kept_bytes_ = 0;
};

}  // namespace holdfast
