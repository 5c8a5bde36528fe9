#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "service/archive/archive_progress.h"
#include "service/archive/archive_reader.h"

namespace holdfast {

struct VerifyReport {
  std::size_t entries = 0;
  std::uint64_t bytes = 0;          // of content
  std::vector<std::string> faults;  // sentences; none when all is well

  bool is_good() const { return faults.empty(); }
};

// Inflates every entry and compares it with its size and checksums, which the manifest and the ZIP
// headers agree on since the archive was opened. What differs is a fault in the report; a file that
// cannot be read, and Error(Cancelled), is thrown.
VerifyReport verify_archive(const ArchiveReader& archive, const ArchiveProgress& progress = {},
                            const std::stop_token& stop = {});

}  // namespace holdfast
