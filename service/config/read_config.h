#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "service/config/config.h"
#include "service/config/json_tree.h"

namespace holdfast {

struct ConfigReading {
  std::vector<ConfigFault> faults;  // all of them, in the order of the text
  Config config;                    // empty unless there are none

  bool is_good() const { return faults.empty(); }
};

// Reads a configuration whole: it is good, or every fault is told. Whatever the text is, it costs
// bounded time and memory.
ConfigReading read_config(std::string_view text);

// The steps of it, for what was merged from several texts.
ConfigReading read_config(const JsonNode& root);
// Of a dataset's object that has no fault.
Dataset dataset_from(const JsonNode& object);

// Nothing while a schedule is faulty; the default when there is none.
std::optional<Schedule> schedule_from(const JsonNode* object);
// The time between two runs; nothing for what runs by hand.
std::optional<std::chrono::seconds> interval_of(const std::optional<Schedule>& schedule);

// What holds when `stale_after` is not set: a day, or one and a half times the time between two
// backups when that is longer, so that a backup that comes a little later is not stale at once.
std::chrono::seconds default_stale_after(const Schedule& schedule);

}  // namespace holdfast
