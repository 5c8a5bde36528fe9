#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "service/platform/storage.h"

namespace holdfast {

// What a ZIP file says about one of its entries.
struct ZipEntry {
  std::string name;
  std::uint64_t size = 0;
  std::uint64_t compressed_size = 0;
  std::uint32_t crc32 = 0;
  std::uint16_t made_by = 0;
  std::uint16_t version_needed = 0;
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  std::uint32_t modified = 0;  // as MS-DOS tells it
  std::uint32_t attributes = 0;
  std::uint64_t header_place = 0;
  std::uint64_t content_place = 0;  // known once check_zip_entry() has read the local header
};

struct ZipDirectory {
  std::vector<ZipEntry> entries;
  std::uint64_t place = 0;  // where the entries' contents end
};

// Reads the end records and the central directory, which must be the last thing in the file, and
// believes only what lies within the file. Throws Error(ArchiveInvalid) or Error(ArchiveDamaged)
// that names the archive. `archive` is its name in what is thrown.
ZipDirectory read_zip_directory(const StoredFile& file, std::string_view archive);

// Checks that an entry is one that Holdfast writes: deflated, neither encrypted nor a link nor a
// folder, of a good name and a possible size, with a local header that says the same.
void check_zip_entry(const StoredFile& file, std::string_view archive, ZipEntry& entry);

// Checks that the entries follow each other from the beginning of the file to the directory: no
// byte is in two of them, and none in no entry. All must have been checked by themselves.
void check_zip_layout(const ZipDirectory& directory, std::string_view archive);

}  // namespace holdfast
