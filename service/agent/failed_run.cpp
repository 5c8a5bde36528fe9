#include "service/agent/failed_run.h"

#include <utility>

#include <fmt/format.h>

namespace holdfast {
namespace {

std::string what_to_do(const DatasetState& state) {
  const ArchiveRecord* newest = newest_verified(state);
  if (newest == nullptr) {
    return "There is no good backup: keep the files as they are, and ask for help.";
  }
  return fmt::format("Restore the newest good backup, of {}: holdfast restore {}.",
                     utc_text(newest->taken_at), newest->file_name);
}

}  // namespace

bool keep_failed_run(const RunParts& parts, RunRecord& record, const Error& failure) {
  record.error_code = name(failure.code());
  record.sentence = failure.line();
  record.outcome = RunOutcome::Failed;
  if (failure.code() == ErrorCode::Cancelled) {
    record.outcome = parts.is_stopping() ? RunOutcome::Interrupted : RunOutcome::Cancelled;
  }
  // While the disk is busy with what was broken off, a record would take seconds that a stop does
  // not have: the next start makes it.
  if (record.outcome == RunOutcome::Interrupted) return false;
  parts.records.end(record, nullptr);
  return record.outcome == RunOutcome::Failed;
}

bool is_damage(const DatasetState& state, const Error& failure) {
  switch (failure.code()) {
    case ErrorCode::DatabaseDamaged: return true;
    case ErrorCode::NotADatabase:
    case ErrorCode::DatabaseEmpty: return newest_verified(state) != nullptr;
    default: return false;
  }
}

void take_damage(const RunParts& parts, DatasetState& state, const std::string& what) {
  state.record.damage = what;
  parts.records.save(state.record);
  const std::pair trouble(EventId::DatabaseDamaged, ErrorCode::DatabaseDamaged);
  if (std::exchange(state.told_failure, trouble) == trouble) return;
  report(parts.events, state, EventId::DatabaseDamaged,
         {fmt::format("{} {}", what, what_to_do(state))});
}

}  // namespace holdfast
