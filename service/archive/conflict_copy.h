#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "service/archive/archive_name.h"

namespace holdfast {

// Where two computers changed one file, OneDrive keeps both, and calls one of them
// <stem>-<device><extension>, with "-2", "-3"... behind the device when there are more. Devices
// have names of all kinds, and a copy can be copied again.

// The archives that a file of this name may be a copy of, the one with the longest name first. None
// when no archive's name is in it.
std::vector<ArchiveName> possible_originals(std::string_view file_name);

// What else tells whether it is one.
struct CopyEvidence {
  std::optional<std::string> host;  // that the manifest in the file names, if it could be read
  std::set<std::string> beside;     // the names of the folder's files
};

// The archive that the file is a conflict copy of; nothing when it is none, or an archive itself. A
// host's name may have a '-', so that the copy "emr_20261120T100000Z_PC-LAPTOP.zip" has the name
// that an archive of the host PC-LAPTOP has:
//
// - The manifest decides, which names the host that made the archive. One that names neither the
//   host in the file's name nor that of a possible original decides nothing, and an archive's name
//   is believed.
// - What cannot be read is a copy when its original lies beside it: two hosts seldom make archives
//   of one dataset in one second. It is then neither counted nor deleted, whatever it is.
// - What no archive can be called is a copy also of what is gone.
std::optional<ArchiveName> conflict_original(std::string_view file_name,
                                             const CopyEvidence& evidence);

}  // namespace holdfast
