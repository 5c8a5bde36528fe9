#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "common/error.h"
#include "service/platform/storage.h"

namespace holdfast {

// A conflict copy and the archive that it is one of, by their file names in one folder.
struct ConflictCopy {
  std::string copy;
  std::string original;
  enum class IfSame { Stays, IsSetAside } if_same = IfSame::Stays;
};

struct ComparedCopy {
  std::string copy;
  std::string original;
  std::string copy_hash;  // file_hash()
  std::string original_hash;
  bool is_same = false;   // byte for byte, as far as sizes and hashes tell
  bool is_aside = false;  // it lies in the subfolder now
};

struct ComparedCopies {
  std::vector<ComparedCopy> compared;
  std::optional<Error> failure;  // the first
};

// The subfolder that copies are set aside in.
constexpr std::string_view kConflictsFolder = "conflicts";

// Reads copies and originals whole, and moves into the subfolder what is to be set aside and is the
// same; nothing is ever deleted or replaced. A pair of which anything is not there, or not on this
// disk, is left out. Throws what listing the folder may throw, and Error(Cancelled).
ComparedCopies set_aside_copies(Storage& storage, const std::filesystem::path& folder,
                                std::span<const ConflictCopy> copies, const std::stop_token& stop);

}  // namespace holdfast
