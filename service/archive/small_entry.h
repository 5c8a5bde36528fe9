#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "service/archive/zip_directory.h"

namespace holdfast {

// The whole content of an entry that check_zip_entry() has passed, as its CRC has it. Throws Error:
// ArchiveInvalid when it has more than `max_bytes`, ArchiveDamaged when it is not as it was.
// `archive` and `what` are the names of both in what is thrown ("its manifest").
std::string read_small_entry(const StoredFile& file, std::string_view archive,
                             const ZipEntry& entry, std::uint64_t max_bytes, std::string_view what);

}  // namespace holdfast
