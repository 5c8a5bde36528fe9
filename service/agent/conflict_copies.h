#pragma once

#include <vector>

#include "service/agent/dataset_state.h"
#include "service/agent/record_keeper.h"
#include "service/archive/set_aside_copies.h"
#include "service/platform/event_log.h"

namespace holdfast {

// The copies that OneDrive made in the present destination which nobody has compared with their
// archives yet, and those that are to be set aside; both files are on this disk. Copies of another
// computer's archives are compared only: that one sets them aside.
std::vector<ConflictCopy> copies_to_compare(const DatasetState& state);

// Records what came of it, and has the Event Log tell once of each copy of this computer's archives
// that is not the same.
void take_compared(DatasetState& state, const ComparedCopies& outcome, RecordKeeper& records,
                   EventLog& events);

}  // namespace holdfast
