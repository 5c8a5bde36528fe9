#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "service/catalog/catalog_records.h"

namespace holdfast {

// Which archives in a destination the next drill restores, by their file names: the newest verified
// backup of this host, and one of the older ones. None when there is no such backup. What is not on
// this disk is not downloaded for it, and OneDrive's copies of archives are passed over.
//
// The older one comes by chance from the half that was proven restorable longest ago, or, where it
// never was, made longest ago. So each gets its turn, old ones that were drilled once in their
// youth too, and what damages archives meets no fixed order. `random` is any number.
std::vector<std::string> drill_choice(std::span<const ArchiveRecord> archives,
                                      std::string_view destination, std::string_view host,
                                      std::uint64_t random);

// Whether a drill is to be made now. `every` is nothing where none is wanted. A last one in the
// future proves nothing.
bool is_drill_due(const std::optional<Time>& last_drilled,
                  const std::optional<std::chrono::seconds>& every, Time now);

}  // namespace holdfast
