#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace holdfast {

// How a run stands, as `progress` and `backup.run` tell it, in words for a progress bar. Pure.

struct RunView {
  std::int64_t run = 0;
  std::string dataset;
  enum class State { Queued, Running, Ended } state = State::Queued;
  enum class Kind { Backup, Restore, Drill } kind = Kind::Backup;
  std::string words;           // "Backing up: reading, 42%"
  std::optional<int> percent;  // nothing where it is not known
  bool can_be_cancelled = true;
  // Of one that has ended.
  bool is_good = false;
  bool is_cancelled = false;
  std::string code;
  std::string sentence;
  std::string archive;  // that it made; of a restore what was there before, empty where it has none
};

// Throws nlohmann::json::exception for what is no report of a run.
RunView run_view(const nlohmann::json& report);

}  // namespace holdfast
