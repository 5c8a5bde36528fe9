#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "service/platform/time_zone.h"

namespace holdfast {

// Larger ones are none: those of the older systems have a few hundred bytes.
constexpr std::size_t kMaxOlderManifestBytes = 1024 * 1024;

// Whether a file of this name, beside a database, is the manifest of an older system.
bool is_older_manifest(std::string_view name);

// What such a manifest tells beside the name of the archive. Anybody may have written it: what does
// not fit is left out.
struct OlderFacts {
  // "created_at" or "timestamp", within a day of what the name tells: with an offset from UTC, or
  // by the clocks of this place, or in seconds since 1970.
  std::optional<Time> taken_at;
  // The whole numbers in "counts", and "patient_count" as "patients"; at most 100.
  std::map<std::string, std::int64_t> counts;
};
OlderFacts read_older_manifest(std::string_view text, Time by_name, const TimeZone& zone);

}  // namespace holdfast
