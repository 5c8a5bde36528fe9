#include "service/agent/known_datasets.h"

#include <utility>

#include <fmt/format.h>

#include "common/path_text.h"
#include "common/text.h"
#include "service/jobs/user_work.h"
#include "service/platform/no_rights.h"

namespace holdfast {
namespace {

// What the configuration does not tell, and what stays true although it was read again.
void take_over(DatasetState& state, DatasetState& before) {
  state.under_way = std::move(before.under_way);
  state.told_stale = before.told_stale;
  state.told_waiting = before.told_waiting;
  if (state.destination == before.destination) state.uploads = std::move(before.uploads);
  state.outbox_mark = before.outbox_mark;
  state.told_held_back = before.told_held_back;
  state.told_failure = before.told_failure;
  if (state.database == before.database) {
    state.is_doubtful = before.is_doubtful;
    state.inspected_at = before.inspected_at;
  }
}

const DatasetState* with_run(const KnownDatasets::Map& datasets, RunTicket ticket) {
  for (const auto& [key, state] : datasets) {
    if (state.under_way && state.under_way->ticket == ticket) return &state;
  }
  return nullptr;
}

Error no_such_dataset(std::string_view dataset) {
  return {ErrorCode::NotFound, fmt::format("There is no dataset \"{}\".", one_line(dataset, 80)),
          "See which there are: holdfast status."};
}

}  // namespace

std::vector<std::string> KnownDatasets::use(const std::vector<EffectiveDataset>& datasets,
                                            const std::vector<PresentUser>& users) {
  Map before = std::exchange(configured_, {});
  std::vector<std::string> given_up;
  for (DatasetState& state : states_of(datasets, users)) {
    equip(state);
    parts_.records.load(state);
    // What is known of them is what can be told until their user, or their OneDrive, is back.
    if (state.destination.empty() && !state.archives.empty()) {
      state.destination = text_path(state.archives.front().destination);
    }
    if (const auto same = before.extract(state.key)) {
      take_over(state, same.mapped());
    } else if (const auto returned = leaving_.extract(state.key)) {
      state.under_way = std::move(returned.mapped().under_way);
    }
    if (!state.obstacle().empty()) given_up.push_back(state.key);
    configured_.emplace(state.key, std::move(state));
  }
  for (auto& [key, state] : before) {
    given_up.push_back(key);
    if (!state.under_way) continue;
    state.under_way->stop.request_stop();
    leaving_.insert_or_assign(key, std::move(state));
  }
  return given_up;
}

std::vector<DatasetState> KnownDatasets::states_of(const std::vector<EffectiveDataset>& datasets,
                                                   const std::vector<PresentUser>& users) {
  const std::vector<std::string> known = parts_.records.datasets();
  std::vector<DatasetState> states =
      dataset_states(dataset_instances(datasets, {.users = users,
                                                  .known = known,
                                                  .profile_name = parts_.profile_name,
                                                  .profile_owner = parts_.profile_owner}),
                     parts_.machine);
  for (DatasetState& state : states) {
    state.is_in_cloud = state.obstacle().empty() && is_in_cloud(state.destination, users);
  }
  return states;
}

// Whoever is not there lends nobody rights, and the service's own are not for what is a user's.
void KnownDatasets::equip(DatasetState& state) const {
  if (!state.obstacle().empty()) {
    state.rights = std::make_shared<NoRights>(state.obstacle());
  } else if (state.owner.empty()) {
    state.rights = parts_.service_rights;
  }
  if (state.rights) {
    state.work = std::make_shared<UserWork>(parts_.work, state.rights);
  } else {
    // It is not this one's to end.
    state.work = std::shared_ptr<Work>(std::shared_ptr<Work>(), &parts_.work);
  }
  if (state.scratch.empty()) state.scratch = parts_.own_folder / "scratch";
  if (state.outbox.empty()) state.outbox = parts_.own_folder / "outbox" / text_path(state.key);
}

void KnownDatasets::reload() {
  for (auto& [key, state] : configured_) {
    parts_.records.load(state);
    state.scanned_at.reset();
  }
}

const DatasetState& KnownDatasets::known(std::string_view dataset) const {
  const auto found = configured_.find(dataset);
  if (found == configured_.end()) throw no_such_dataset(dataset);
  return found->second;
}

DatasetState& KnownDatasets::known(std::string_view dataset) {
  const auto found = configured_.find(dataset);
  if (found == configured_.end()) throw no_such_dataset(dataset);
  return found->second;
}

DatasetState* KnownDatasets::find(std::string_view dataset) {
  for (Map* datasets : {&configured_, &leaving_}) {
    if (const auto found = datasets->find(dataset); found != datasets->end()) return &found->second;
  }
  return nullptr;
}

const DatasetState* KnownDatasets::running(RunTicket ticket) const {
  const DatasetState* state = with_run(configured_, ticket);
  return state != nullptr ? state : with_run(leaving_, ticket);
}

void KnownDatasets::request_stop() {
  for (Map* datasets : {&configured_, &leaving_}) {
    for (auto& [key, state] : *datasets) {
      if (state.under_way) state.under_way->stop.request_stop();
    }
  }
}

void KnownDatasets::ended(const std::string& dataset) {
  leaving_.erase(dataset);
}

}  // namespace holdfast
