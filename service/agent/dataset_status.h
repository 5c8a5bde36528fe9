#pragma once

#include <optional>

#include "common/protocol/messages.h"
#include "service/agent/dataset_state.h"

namespace holdfast {

// What clients are told of a dataset.
DatasetStatus dataset_status(const DatasetState& state, std::optional<Time> next_run, Time now);

}  // namespace holdfast
