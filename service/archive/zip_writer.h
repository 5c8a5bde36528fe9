#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "common/clock.h"
#include "service/platform/storage.h"

namespace holdfast {

// The container: entries whose content was deflated elsewhere, one after the other, in a file that
// is written from its beginning. Throws what the file throws.
class ZipWriter {
 public:
  explicit ZipWriter(StoredFile& file);
  ZipWriter(const ZipWriter&) = delete;
  ZipWriter& operator=(const ZipWriter&) = delete;
  // What was not finished is no archive.
  ~ZipWriter();

  // `size_hint` decides whether the entry can grow past 4 GiB. Returns where its content begins.
  std::uint64_t begin_entry(const std::string& name, Time modified, std::uint64_t size_hint);
  void write_deflated(std::span<const std::byte> bytes);
  void end_entry(std::uint64_t size, std::uint32_t crc32);
  void finish();

 private:
  struct Target;
  void check(int result) const;

  std::unique_ptr<Target> target_;
  void* zip_;
};

}  // namespace holdfast
