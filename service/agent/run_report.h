#pragma once

#include <nlohmann/json_fwd.hpp>

#include "service/catalog/catalog_records.h"
#include "service/runs/run_progress.h"
#include "service/runs/run_queue.h"

namespace holdfast {

// What those who wait for a run are told of it.
struct RunReport {
  enum class State { Queued, Running, Ended };

  RunTicket ticket = 0;
  State state = State::Queued;
  RunRecord record;      // of a run that has begun
  RunProgress progress;  // of one that runs
};

void to_json(nlohmann::json& json, const RunRecord& run);
void to_json(nlohmann::json& json, const RunReport& report);

}  // namespace holdfast
