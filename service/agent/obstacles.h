#pragma once

#include <string>
#include <vector>

#include "service/agent/dataset_state.h"
#include "service/platform/storage.h"

namespace holdfast {

// What would keep a backup of the dataset from being made now, or its queries from being run, as
// sentences; none when all is well. Finds out by looking: nothing is made or changed. Whether the
// database is damaged and the disk has room only shows when the backup is made.
std::vector<std::string> obstacles(const DatasetState& state, Storage& storage, const Clock& clock);

}  // namespace holdfast
