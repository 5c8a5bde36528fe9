#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/catalog/catalog_records.h"
#include "service/platform/storage.h"
#include "service/platform/time_zone.h"

namespace holdfast {

// What the name of an archive of an older system tells:
//
// - a file <stem>_YYYYMMDD_HHMMSS.db, a copy of the database <stem>.db; it may end in the
//   database's own extension as well
// - a file backup_YYYY-MM-DD_HH-MM-SS.zip, or .encrypted.zip for one that only its application
// reads
// - a folder backup_YYYY-MM-DD_HH-MM-SS
//
// Both dates are taken in all three, and safety_backup_ for backup_. Behind the date may stand a
// host, after '_', or after '-' as OneDrive names the copies of a conflict, and what Windows
// Explorer adds to a copy: " (2)", " - Copy". Letters are compared as Windows does.
struct OlderName {
  ArchiveFormat format = ArchiveFormat::LegacyZip;
  ArchiveName::Kind kind = ArchiveName::Kind::Backup;
  LocalTime taken_at;  // by the clocks of the place where it was made
  std::string host;    // empty when the name does not tell
  bool is_encrypted = false;

  bool operator==(const OlderName&) const = default;
};

// Nothing for what no older system writes. `kind` is of the entry that has the name.
// `database_name` is the file name of the database whose copies are meant.
std::optional<OlderName> parse_older_name(std::string_view name, StoredEntry::Kind kind,
                                          std::string_view database_name);

}  // namespace holdfast
