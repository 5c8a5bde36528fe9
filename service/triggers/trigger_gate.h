#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/clock.h"

namespace holdfast {

// Makes one run of the triggers that fire together: it is due when nothing more has fired for a
// quiet time, and at the latest some time after the first. What is asked for is not lost until
// reset(), however the clock jumps; a clock that jumps forward may only cut the wait short. Pure.
class TriggerGate {
 public:
  static constexpr std::chrono::seconds kQuietTime{10};
  static constexpr std::chrono::minutes kLatest{5};
  // An application that has closed may leave a helper that still writes: after it the gate waits
  // until the database is quiet as well.
  static constexpr std::string_view kAppCloses = "app_closes";

  explicit TriggerGate(std::chrono::seconds quiet_time = kQuietTime,
                       std::chrono::seconds latest = kLatest);

  void fired(Time now, std::string_view cause);
  // Whether something waits for a run; only then is the database worth a look.
  bool is_waiting() const { return waits_.has_value(); }

  // Whether the database was written to since this was asked last.
  enum class Database { Quiet, Changed };
  // Whether the run should start. Stays so until reset().
  bool due(Time now, Database database = Database::Quiet);
  // What fired, each once, in that order: "app_closes, query_changes".
  std::string causes() const;
  // When the run has begun: what fires from now on asks for another one.
  void reset() { waits_.reset(); }

 private:
  struct Waiting {
    Time first;
    Time last;
    Time seen;  // the last time that was heard of
    std::vector<std::string> causes;
  };

  void follow_clock(Time now);

  const std::chrono::seconds quiet_time_;
  const std::chrono::seconds latest_;
  std::optional<Waiting> waits_;
};

}  // namespace holdfast
