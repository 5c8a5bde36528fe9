#pragma once

#include <optional>

#include "service/agent/dataset_state.h"

namespace holdfast {

// Since when no backup has reached the cloud (DatasetRecord::not_in_cloud_since). A wait outlives
// the archives that waited, which retention deletes, and the looks that show nothing. Pure.

// Whether the archive's way into the cloud is followed. Other computers see to theirs, and what
// OneDrive copied is nobody's backup.
bool is_followed(const DatasetState& state, const ArchiveRecord& archive);

// Whether an archive that has just arrived was among those that waited.
bool ends_wait(const DatasetState& state, const ArchiveRecord& before, const UploadTrack& track);

enum class Arrival { None, OfOneThatWaited };

// The wait after a look that showed these, which are recorded. It begins when a look shows that
// something newer than what is in the cloud waits; what is only unknown begins none. It ends with
// an arrival, and is then that of what was made since.
std::optional<Time> wait_after_look(const DatasetState& state, const UploadTracks& seen,
                                    Arrival arrival, Time now);

// Whether nothing is left to wait for, without a look: the newest backup is in the cloud, or none
// is to get there.
bool is_wait_over(const DatasetState& state);

}  // namespace holdfast
