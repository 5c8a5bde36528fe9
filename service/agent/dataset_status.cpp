#include "service/agent/dataset_status.h"

namespace holdfast {
namespace {

// As the configuration has it.
std::string word_of(Notify notify) {
  switch (notify) {
    case Notify::All: return "all";
    case Notify::Never: return "never";
    case Notify::Failures: break;
  }
  return "failures";
}

}  // namespace

DatasetStatus dataset_status(const DatasetState& state, std::optional<Time> next_run, Time now) {
  const DatasetFacts facts = health_facts(state, next_run);
  const DatasetHealth told = dataset_health(facts, now);
  const ArchiveRecord* newest = newest_verified(state);
  return {.id = state.key,
          .title = state.dataset.title,
          .health = told.health,
          .headline = told.headline,
          .archived_at = facts.archived_at,
          .next_run = next_run,
          .drilled_at = drilled_at(state),
          .percent = facts.current_run ? facts.current_run->percent : std::nullopt,
          .restore_with = restore_with(state),
          .cloud = newest == nullptr ? "" : newest->cloud_state,
          .cloud_since = newest == nullptr ? std::nullopt : newest->cloud_since,
          .notify = word_of(state.dataset.notify)};
}

}  // namespace holdfast
