#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "service/catalog/catalog_records.h"
#include "service/platform/storage.h"
#include "service/platform/time_zone.h"

namespace holdfast {

// Whose archives are looked for.
struct ScannedDataset {
  std::string dataset;
  std::string database_name;  // the file name of its database, "clinic.db"
};

// What archives of a dataset there are in a destination, those of other computers and of the older
// systems too. Reads names and manifests, verifies nothing: every record is unchecked, and one that
// cannot be opened has its fault.
//
// - Archives of the older systems are the dataset's when they hold its database: a copy by its name
//   (parse_older_name()), a ZIP file or folder by what is in it. Whose a ZIP file is that cannot be
//   opened, nobody can tell: each dataset has it. Their dates are by the clocks of `zone`.
// - `known` are the sizes of archives whose records are known already, by file name: such a one is
//   not opened when its size is the same, and comes back with its name and size only. Leave out
//   those that have a fault, so that they are tried again.
// - What is not on this disk is not opened: it is listed by its name alone, an older ZIP file for
//   each dataset. So an unchecked archive that tells nothing of itself is to be left out of `known`
//   too, and is opened once it is here.
// - The conflict copies of OneDrive tell whose they are (conflict_original()).
// - Links are passed over, and what is gone again when it is to be opened.
// - Texts and counts that manifests tell are cut to what a person can read.
//
// For a worker's thread. Throws Error: NotFound when there is no such folder, Cancelled, and what
// reading a folder and asking the time zone may throw.
std::vector<ArchiveRecord> scan_destination(Storage& storage, const std::filesystem::path& folder,
                                            const ScannedDataset& dataset, const TimeZone& zone,
                                            const std::map<std::string, std::uint64_t>& known,
                                            const std::stop_token& stop);

}  // namespace holdfast
