#include <sqlite3.h>
#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <isa-l/crc.h>

#include "common/error.h"
#include "service/archive/archive_reader.h"
#include "service/archive/archive_vfs.h"
#include "service/archive/block_codec.h"
#include "service/archive/verify_archive.h"
#include "service/archive/zip_directory.h"
#include "service/backup/integrity_check.h"
#include "tests/support/crafted_archive.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

using namespace holdfast;

constexpr const char* kName = "fuzzed.zip";

std::vector<std::byte> content_of(const ArchiveReader& archive, std::size_t entry) {
  std::vector<std::byte> content;
  for (std::size_t i = 0; i < archive.entries()[entry].block_offsets.size(); ++i) {
    const std::vector<std::byte> block = archive.content(entry).read_block(i);
    content.insert(content.end(), block.begin(), block.end());
  }
  return content;
}

// What another program makes of an entry's deflate stream; it is at most one byte too long.
std::vector<std::byte> inflated_by_zlib(std::vector<std::byte> deflated, std::size_t size) {
  std::vector<std::byte> content(size + 1);
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) std::abort();
  stream.next_in = reinterpret_cast<Bytef*>(deflated.data());
  stream.avail_in = static_cast<uInt>(deflated.size());
  stream.next_out = reinterpret_cast<Bytef*>(content.data());
  stream.avail_out = static_cast<uInt>(content.size());
  const int result = inflate(&stream, Z_FINISH);
  const bool whole = result == Z_STREAM_END && stream.avail_in == 0;
  content.resize(stream.total_out);
  inflateEnd(&stream);
  if (!whole) std::abort();
  return content;
}

// What is called good must be the same to programs that know nothing of Holdfast.
void compare_with_zlib(const ArchiveReader& archive, const StoredFile& file) {
  ZipDirectory directory = read_zip_directory(file, kName);
  for (std::size_t i = 0; i < archive.entries().size(); ++i) {
    ZipEntry& entry = directory.entries.at(i);
    check_zip_entry(file, kName, entry);
    std::vector<std::byte> deflated(static_cast<std::size_t>(entry.compressed_size));
    if (file.read_at(entry.content_place, deflated) != deflated.size()) std::abort();
    const std::vector<std::byte> content = content_of(archive, i);
    if (content != inflated_by_zlib(std::move(deflated), content.size())) std::abort();
  }
}

// Reads a database that nobody has verified as far as it can be read, for a moment.
void read_database(const ArchiveReader& archive, std::size_t entry) {
  const ArchiveDatabase database(archive.content(entry));
  int steps = 200;
  ::sqlite3_progress_handler(
      database.handle(), 1000, [](void* left) { return --*static_cast<int*>(left) < 0 ? 1 : 0; },
      &steps);
  // Checked as a large one is, and then, when that way cannot tell, as a small one is.
  constexpr std::uint64_t kAllAreLarge = 0;
  integrity_faults("fuzzed.db", database.handle(), kAllAreLarge);
}

void open_databases(const ArchiveReader& archive) {
  for (std::size_t i = 0; i < archive.entries().size(); ++i) {
    if (archive.entries()[i].kind != ManifestEntry::Kind::Database) continue;
    try {
      read_database(archive, i);
    } catch (const Error&) {
      // Whatever is wrong with a database, it is an Error.
    }
  }
}

void put(std::uint8_t* place, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) place[i] = static_cast<std::uint8_t>(value >> (8 * i));
}

// Gives the manifest the checksum that it has: what lies behind it would be out of reach.
void mend_manifest(std::uint8_t* data, std::size_t size) {
  OneFileStorage storage({reinterpret_cast<const char*>(data), size});
  const auto file = storage.open(kName);
  const ZipDirectory directory = read_zip_directory(*file, kName);
  const ZipEntry& entry = directory.entries.back();
  constexpr std::size_t kLocalBytes = 30;
  constexpr std::size_t kMaxSize = 1024 * 1024;
  const std::uint64_t begin = entry.header_place + kLocalBytes + entry.name.size();
  if (begin + entry.compressed_size > size || entry.size > kMaxSize) return;
  std::vector<std::byte> deflated(static_cast<std::size_t>(entry.compressed_size));
  file->read_at(begin, deflated);
  const auto content =
      inflate_block(deflated, static_cast<std::size_t>(entry.size), BlockPlace::Last);
  const std::uint32_t crc =
      crc32_gzip_refl(0, reinterpret_cast<const unsigned char*>(content.data()), content.size());
  put(data + entry.header_place + 14, crc);
  const std::string signature = "PK\x01\x02";
  auto* header = std::find_end(data, data + size, signature.begin(), signature.end());
  if (size - static_cast<std::size_t>(header - data) >= 20) put(header + 16, crc);
}

}  // namespace

// An archive is refused in words of its own, or all that is in it can be read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  OneFileStorage storage({reinterpret_cast<const char*>(data), size});
  try {
    const ArchiveReader archive(storage, kName);
    if (verify_archive(archive).is_good()) compare_with_zlib(archive, *storage.open(kName));
    open_databases(archive);
  } catch (const Error& error) {
    const bool expected = error.code() == ErrorCode::ArchiveInvalid ||
                          error.code() == ErrorCode::ArchiveDamaged ||
                          error.code() == ErrorCode::ArchiveTooNew;
    if (!expected) std::abort();
  }
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  const std::size_t mutated = LLVMFuzzerMutate(data, size, max_size);
  if (seed % 2 == 0) return mutated;
  try {
    mend_manifest(data, mutated);
  } catch (const Error&) {
    // There is no manifest to mend.
    return mutated;
  }
  return mutated;
}
