#pragma once

#include "service/agent/dataset_run.h"

namespace holdfast {

// Completes and keeps the record of a run that came to nothing; whether it failed, and was neither
// cancelled nor broken off by the end of the service.
bool keep_failed_run(const RunParts& parts, RunRecord& record, const Error& failure);

// Whether the failure says that the database is damaged. What is no database, of a dataset that has
// a good backup, was one.
bool is_damage(const DatasetState& state, const Error& failure);
// From now on it is known to be; the Event Log is told unless it was known before.
void take_damage(const RunParts& parts, DatasetState& state, const std::string& what);

}  // namespace holdfast
