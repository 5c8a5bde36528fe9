#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "service/platform/machine.h"

namespace holdfast {

// Why one of these names cannot be that of an entry, beside the others and the manifest.
struct EntryNamesFault {
  std::string name;
  std::string why;  // the end of a sentence about it: "is not UTF-8"
};

// The first; nothing where one archive can have them all: each is good, is there once, also on
// Windows, is not both a file and a folder, and lies in no restore's own folder.
std::optional<EntryNamesFault> entry_names_fault(const std::vector<std::string>& names);

// One for all names by which the system knows a file.
std::string spelling(const std::filesystem::path& name, LetterCase letter_case);

}  // namespace holdfast
