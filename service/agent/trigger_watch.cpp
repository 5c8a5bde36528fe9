#include "service/agent/trigger_watch.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "service/jobs/current_failure.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using Kind = Trigger::Kind;

// What was backed up within this time is not backed up again for a start.
constexpr std::chrono::hours kFresh{1};

std::string cause_of(Kind kind) {
  switch (kind) {
    case Kind::Startup: return "startup";
    case Kind::SignOut: return "sign_out";
    case Kind::Shutdown: return "shutdown";
    case Kind::AppStarts: return "app_starts";
    case Kind::AppCloses: return std::string(TriggerGate::kAppCloses);
    case Kind::QueryChanges: break;
  }
  return "query_changes";
}

bool is_start(Kind kind) {
  return kind == Kind::Startup || kind == Kind::AppStarts;
}

bool has(const DatasetState& state, Kind kind) {
  return std::ranges::find(state.dataset.triggers, kind, &Trigger::kind) !=
         state.dataset.triggers.end();
}

QueryWatch::Seen poll(QueryWatch& watch, const UserRights* rights) {
  try {
    const ActingAs acting(rights);
    return watch.poll();
  } catch (...) {
    return {.fault = current_failure().line()};
  }
}

}  // namespace

TriggerWatch::TriggerWatch(Parts parts) : parts_(std::move(parts)), apps_(parts_.letter_case) {}

void TriggerWatch::use_datasets() {
  programs_.clear();
  std::vector<Query> before = std::exchange(queries_, {});
  for (const auto& [key, state] : parts_.protection.datasets()) {
    if (!state.obstacle().empty()) continue;
    gates_.try_emplace(key);
    for (const Trigger& trigger : state.dataset.triggers) {
      if (trigger.kind == Kind::QueryChanges) keep_query(state, trigger.subject, before);
      if (trigger.kind == Kind::AppStarts || trigger.kind == Kind::AppCloses) {
        programs_.push_back(trigger.subject);
      }
    }
  }
  std::erase_if(gates_, [this](const auto& gate) {
    const auto state = parts_.protection.datasets().find(gate.first);
    return state == parts_.protection.datasets().end() || !state->second.obstacle().empty();
  });
}

// What a watch has seen already goes on to count.
void TriggerWatch::keep_query(const DatasetState& state, const std::string& sql,
                              std::vector<Query>& before) {
  const auto same = std::ranges::find_if(before, [&](const Query& query) {
    return query.dataset == state.key && query.sql == sql && query.database == state.database;
  });
  if (same != before.end()) {
    same->rights = state.rights;
    queries_.push_back(std::move(*same));
    before.erase(same);
    return;
  }
  queries_.push_back({.dataset = state.key,
                      .sql = sql,
                      .database = state.database,
                      .rights = state.rights,
                      .watch = std::make_shared<QueryWatch>(state.database, sql, parts_.clock)});
}

void TriggerWatch::fire(Kind kind) {
  for (const auto& [key, state] : parts_.protection.datasets()) {
    if (has(state, kind)) fired(key, kind);
  }
}

bool TriggerWatch::fire_now(Kind kind) {
  bool any = false;
  for (const auto& [key, state] : parts_.protection.datasets()) {
    if (!has(state, kind) || !state.obstacle().empty()) continue;
    parts_.protection.ask(key, {.urgency = Urgency::Triggered, .cause = cause_of(kind)});
    any = true;
  }
  if (any) parts_.on_change();
  return any;
}

void TriggerWatch::fired(const std::string& dataset, Kind kind) {
  const auto gate = gates_.find(dataset);
  if (gate == gates_.end()) return;
  if (is_start(kind) && is_fresh(parts_.protection.datasets().at(dataset))) return;
  gate->second.fired(parts_.clock.now(), cause_of(kind));
  parts_.on_change();
}

bool TriggerWatch::is_fresh(const DatasetState& state) const {
  const auto age = parts_.protection.age(state);
  return age && *age < kFresh;
}

void TriggerWatch::look_at_programs() {
  if (programs_.empty()) return;
  AppWatch::Seen seen;
  try {
    seen = apps_.look(parts_.running_programs(), programs_);
    programs_fault_.clear();
  } catch (const Error& error) {
    programs_fault_ = error.line();
    return;
  }
  for (const auto& [key, state] : parts_.protection.datasets()) {
    for (const Trigger& trigger : state.dataset.triggers) {
      const auto is_meant = [&](const std::vector<std::string>& names) {
        return std::ranges::find(names, trigger.subject) != names.end();
      };
      const bool started = trigger.kind == Kind::AppStarts && is_meant(seen.started);
      const bool closed = trigger.kind == Kind::AppCloses && is_meant(seen.closed);
      if (started || closed) fired(key, trigger.kind);
    }
  }
}

void TriggerWatch::look_at_databases() {
  if (looking_ || is_stopping_) return;
  std::map<std::string, Waiting> waiting;
  for (const auto& [key, gate] : gates_) {
    if (!gate.is_waiting()) continue;
    waiting[key] = {.request = parts_.protection.request_of(key),
                    .rights = parts_.protection.datasets().at(key).rights};
  }
  if (queries_.empty() && waiting.empty()) return;
  try {
    look_under_way_ = parts_.workers.start(
        [this, queries = queries_, waiting](const std::stop_token& stop) -> Workers::Done {
          return [this, queries, sight = look(queries, waiting, stop)] { take(queries, sight); };
        });
    looking_ = true;
  } catch (const Error& error) {
    spdlog::warn("{}", error.line());
  }
}

TriggerWatch::Sight TriggerWatch::look(const std::vector<Query>& queries,
                                       const std::map<std::string, Waiting>& waiting,
                                       const std::stop_token& stop) const {
  Sight sight;
  for (const Query& query : queries) {
    if (stop.stop_requested()) return sight;
    sight.queries.push_back(poll(*query.watch, query.rights.get()));
  }
  for (const auto& [dataset, asked] : waiting) {
    if (stop.stop_requested()) return sight;
    try {
      const ActingAs acting(asked.rights.get());
      sight.marks[dataset] = parts_.change_mark(asked.request);
    } catch (const std::exception&) {
      // The backup itself meets it again, and tells of it.
    }
  }
  return sight;
}

void TriggerWatch::take(const std::vector<Query>& looked_at, const Sight& sight) {
  looking_ = false;
  for (std::size_t i = 0; i < sight.queries.size(); ++i) {
    const auto query = std::ranges::find(queries_, looked_at[i].watch, &Query::watch);
    if (query == queries_.end()) continue;
    query->fault = sight.queries[i].fault;
    if (sight.queries[i].changed) fired(query->dataset, Kind::QueryChanges);
  }
  for (const auto& [dataset, mark] : sight.marks) take_mark(dataset, mark);
}

// An empty mark is that of a database that was just written to.
void TriggerWatch::take_mark(const std::string& dataset, const std::string& mark) {
  const auto [known, is_new] = marks_.try_emplace(dataset, mark);
  if (mark.empty() || (!is_new && known->second != mark)) changed_.insert(dataset);
  known->second = mark;
}

void TriggerWatch::tick() {
  for (auto& [key, gate] : gates_) {
    if (!gate.is_waiting()) continue;
    const bool changed = changed_.erase(key) != 0;
    const auto database = changed ? TriggerGate::Database::Changed : TriggerGate::Database::Quiet;
    if (!gate.due(parts_.clock.now(), database)) continue;
    parts_.protection.ask(key, {.urgency = Urgency::Triggered, .cause = gate.causes()});
    gate.reset();
    marks_.erase(key);
  }
}

void TriggerWatch::stop() {
  is_stopping_ = true;
  look_under_way_.request_stop();
}

Time TriggerWatch::next_tick() const {
  const bool any =
      std::ranges::any_of(gates_, [](const auto& gate) { return gate.second.is_waiting(); });
  return parts_.clock.now() + (any ? 1s : 60s);
}

std::vector<std::string> TriggerWatch::faults(const Protection::Sees& sees) const {
  std::vector<std::string> faults;
  if (!programs_fault_.empty()) faults.push_back(programs_fault_);
  for (const Query& query : queries_) {
    if (query.fault.empty()) continue;
    const DatasetState& state = parts_.protection.datasets().at(query.dataset);
    if (!sees(state.owner)) continue;
    faults.push_back(fmt::format("{}: {}", state.dataset.title, query.fault));
  }
  return faults;
}

}  // namespace holdfast
