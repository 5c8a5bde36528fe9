#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "service/agent/protection.h"
#include "service/triggers/app_watch.h"
#include "service/triggers/query_watch.h"
#include "service/triggers/trigger_gate.h"

namespace holdfast {

// Asks the protection for backups beside the schedule: when Holdfast or a user's session starts or
// ends, when programs start or close, and when the result of a query changes. Lives on the agent's
// thread; databases are looked at on a worker.
class TriggerWatch {
 public:
  struct Parts {
    Protection& protection;
    Workers& workers;
    const Clock& clock;
    LetterCase letter_case = LetterCase::Matters;
    std::function<std::set<std::string>()> running_programs;  // may throw Error
    // What tells the state of the data; on a worker; may throw Error.
    std::function<std::string(const BackupRequest&)> change_mark;
    std::function<void()> on_change;  // tick() should be called
  };

  explicit TriggerWatch(Parts parts);

  // The protection's datasets have changed.
  void use_datasets();

  // What waits for a quiet moment. Startup passes over what was backed up within the hour.
  void fire(Trigger::Kind kind);
  // What can wait for nothing. Whether anything was asked for.
  bool fire_now(Trigger::Kind kind);
  // Each of them does nothing where nothing is to be watched.
  void look_at_programs();
  void look_at_databases();

  // Asks for the backups whose time has come.
  void tick();
  // Nothing is looked at any more, and a look that is under way ends soon.
  void stop();
  Time next_tick() const;

  // What cannot be watched, and why, of the machine and of the datasets whose owners are to be
  // seen: sentences.
  std::vector<std::string> faults(const Protection::Sees& sees) const;

 private:
  struct Query {
    std::string dataset;
    std::string sql;
    std::filesystem::path database;
    std::shared_ptr<const UserRights> rights;
    std::shared_ptr<QueryWatch> watch;
    std::string fault;
  };
  // What the state of a database that is waited for is asked of, and with whose rights.
  struct Waiting {
    BackupRequest request;
    std::shared_ptr<const UserRights> rights;
  };
  // What a look at the databases found.
  struct Sight {
    std::vector<QueryWatch::Seen> queries;     // of those that were looked at, from the first
    std::map<std::string, std::string> marks;  // of the datasets whose gates wait
  };

  void keep_query(const DatasetState& state, const std::string& sql, std::vector<Query>& before);
  void fired(const std::string& dataset, Trigger::Kind kind);
  bool is_fresh(const DatasetState& state) const;
  Sight look(const std::vector<Query>& queries, const std::map<std::string, Waiting>& waiting,
             const std::stop_token& stop) const;
  void take(const std::vector<Query>& looked_at, const Sight& sight);
  void take_mark(const std::string& dataset, const std::string& mark);

  Parts parts_;
  AppWatch apps_;
  std::vector<std::string> programs_;  // that are watched
  std::vector<Query> queries_;
  std::map<std::string, TriggerGate> gates_;
  std::map<std::string, std::string> marks_;  // of datasets that wait for their database to rest
  std::set<std::string> changed_;             // since tick() looked
  std::string programs_fault_;
  bool looking_ = false;
  bool is_stopping_ = false;
  std::stop_source look_under_way_;
};

}  // namespace holdfast
