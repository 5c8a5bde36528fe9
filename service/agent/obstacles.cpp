#include "service/agent/obstacles.h"

#include "common/error.h"
#include "service/backup/count_query.h"
#include "service/backup/destination.h"
#include "service/backup/live_database.h"
#include "service/triggers/query_watch.h"

namespace holdfast {
namespace {

class Obstacles {
 public:
  Obstacles(const DatasetState& state, Storage& storage, const Clock& clock)
      : state_(state), storage_(storage), clock_(clock) {}

  std::vector<std::string> find() {
    if (!state_.waits.empty()) return {};
    if (!state_.fault.empty()) return {state_.fault};
    note_failure([this] { check_destination(storage_, state_.destination); });
    note_failure([this] { look_at_database(); });
    return std::move(found_);
  }

 private:
  void note_failure(const auto& look) {
    try {
      look();
    } catch (const Error& error) {
      found_.push_back(error.line());
    }
  }

  void look_at_database() {
    {
      const LiveDatabase database(state_.database);
      database.begin();
      for (const auto& count : state_.dataset.counts) {
        note_failure([&] {
          run_count(database.connection(), {.name = count.first, .sql = count.second}, kCountLimit);
        });
      }
      database.check_still_rests();
    }
    for (const Trigger& trigger : state_.dataset.triggers) {
      if (trigger.kind != Trigger::Kind::QueryChanges) continue;
      const std::string fault = QueryWatch(state_.database, trigger.subject, clock_).poll().fault;
      if (!fault.empty()) found_.push_back(fault);
    }
  }

  const DatasetState& state_;
  Storage& storage_;
  const Clock& clock_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> obstacles(const DatasetState& state, Storage& storage,
                                   const Clock& clock) {
  return Obstacles(state, storage, clock).find();
}

}  // namespace holdfast
