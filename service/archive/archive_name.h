#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "common/clock.h"

namespace holdfast {

// What an archive's file name tells: <dataset>_<UTC YYYYMMDDTHHMMSSZ>_<HOST>[.<counter>].zip, or
// .safety.zip for one made before a restore. The names of a dataset's archives sort by time.
struct ArchiveName {
  enum class Kind { Backup, Safety };

  std::string dataset;  // [a-z0-9-]
  Time taken_at;
  std::string host;  // as archive_host() gives it
  Kind kind = Kind::Backup;
  int counter = 1;  // more where names clash; 1 is not written

  auto operator<=>(const ArchiveName&) const = default;
};

// Whether a dataset may have this name: [a-z0-9-], 1 to 64 letters.
constexpr std::size_t kMaxDatasetIdBytes = 64;
bool is_dataset_id(std::string_view text);
// The dataset's name that is made of another text: "Clinic 1" makes "clinic-1".
std::string dataset_id_from(std::string_view text);

// The host's name as it stands in archive names: at most 63 letters, digits, '-' and '_'.
std::string archive_host(std::string_view host_name);

std::string archive_file_name(const ArchiveName& name);

// Nothing for whatever archive_file_name() does not write.
std::optional<ArchiveName> parse_archive_name(std::string_view file_name);

// An archive's name while it is written, and the way back: nothing for what is no such name.
std::string unfinished_name(const ArchiveName& name);
std::optional<ArchiveName> parse_unfinished_name(std::string_view file_name);

}  // namespace holdfast
