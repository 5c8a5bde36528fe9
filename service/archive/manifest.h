#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/clock.h"

namespace holdfast {

// What stands in backup_manifest.json, the last entry of an archive. Readers ignore keys they do
// not know and refuse a higher format.
constexpr int kArchiveFormat = 1;
constexpr std::string_view kManifestName = "backup_manifest.json";

// Each entry's content is deflated in independent blocks of this many bytes, which follow each
// other as one ordinary deflate stream.
constexpr std::uint32_t kBlockBytes = 1024 * 1024;

struct ManifestEntry {
  enum class Kind { Database, File } kind = Kind::File;
  std::string name;                   // relative, with '/', UTF-8
  std::uint64_t size = 0;             // uncompressed
  std::uint64_t compressed_size = 0;  // as it stands in the archive
  std::uint32_t crc32 = 0;            // of the content
  std::string xxh3;                   // of the content: XXH3, 128 bits, 32 hexadecimal digits
  std::vector<std::uint64_t> block_offsets;  // where each block begins in the compressed content
  std::uint32_t page_size = 0;               // databases only
};

struct Manifest {
  int format = kArchiveFormat;
  std::string kind = "full";
  std::string dataset;
  Time created_at;
  std::string version;      // of Holdfast
  std::string app_version;  // of the application, where it is known
  std::string host;
  std::string user;
  std::string reason;
  std::string database;  // the name of the main database's entry
  std::map<std::string, std::int64_t> counts;
  std::map<std::string, std::string> count_queries;  // name -> SQL; none where it is not told
  std::string schema_hash;                           // of the main database
  std::string sqlite_version;                        // that took the snapshot
  std::vector<ManifestEntry> entries;  // all but the manifest itself, in their order in the archive
};

std::string manifest_text(const Manifest& manifest);

// Throws Error: ArchiveTooNew for a higher format, ArchiveInvalid for anything that does not fit
// the types or contradicts itself (blocks that do not fit the size, names twice, no such database),
// and for names that reach further: of no dataset, of what SQLite or a restore would take for its
// own.
Manifest read_manifest(std::string_view text);

}  // namespace holdfast
