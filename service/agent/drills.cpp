#include "service/agent/drills.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "common/path_text.h"
#include "service/agent/failed_run.h"
#include "service/agent/restores.h"
#include "service/restore/drill_choice.h"

namespace holdfast {
std::vector<RunRequest> Drills::due(const DatasetState& state) const {
  // Which archives are on this disk is not known before the first look.
  if (!state.obstacle().empty() || !state.scanned_at) return {};
  if (!is_drill_due(state.record.drill_tried_at, state.dataset.drill_every,
                    parts_.run.clock.now())) {
    return {};
  }
  return requests(state,
                  {.kind = RunKind::Drill, .urgency = Urgency::Scheduled, .cause = "schedule"});
}

std::vector<RunRequest> Drills::asked(const DatasetState& state, const std::string& file_name,
                                      const std::string& user) const {
  if (!state.obstacle().empty()) throw Error(ErrorCode::NotFound, state.obstacle(), "");
  RunRequest request{.dataset = state.key,
                     .kind = RunKind::Drill,
                     .urgency = Urgency::Asked,
                     .cause = "manual",
                     .user = user};
  if (!file_name.empty()) {
    request.source = archive_named(state, file_name).file_name;
    return {request};
  }
  auto all = requests(state, request);
  if (!all.empty()) return all;
  throw Error(ErrorCode::NotFound,
              fmt::format("There is no verified backup of {} to test.", state.dataset.title),
              "Make one first: holdfast backup.");
}

std::vector<RunRequest> Drills::requests(const DatasetState& state, const RunRequest& like) const {
  std::vector<RunRequest> requests;
  for (std::string& file_name :
       drill_choice(state.archives, path_text(state.destination),
                    archive_host(parts_.run.machine.host), parts_.random())) {
    RunRequest& request = requests.emplace_back(like);
    request.dataset = state.key;
    request.source = std::move(file_name);
  }
  return requests;
}

void Drills::put_off(DatasetState& state) const {
  state.record.drill_tried_at = parts_.run.clock.now();
  parts_.run.records.save(state.record);
}

RunWork Drills::work_for(const DatasetState& state, const RunRequest& request) const {
  DrillJob job{.archive = state.destination / text_path(request.source),
               .scratch = state.scratch,
               .counts = state.dataset.counts};
  if (request.urgency >= Urgency::Asked) job.priority = WorkPriority::Waited;
  return [this, work = state.work, job = std::move(job)](
             const OnRunProgress& on_progress, const std::stop_token& stop) -> TakeOutcome {
    const auto tell = [&on_progress](std::uint64_t done, std::uint64_t total) {
      on_progress({.phase = "restoring", .done_bytes = done, .total_bytes = total});
    };
    return [this, outcome = work->drill(job, tell, stop)](
               DatasetState& now_known, RunRecord& record) { take(now_known, record, outcome); };
  };
}

TakeOutcome Drills::failed(const Error& why) const {
  return [this, why](DatasetState& state, RunRecord& record) {
    take(state, record, {.failure = why});
  };
}

void Drills::take(DatasetState& state, RunRecord& record, const DrillOutcome& outcome) const {
  const Time now = parts_.run.clock.now();
  if (outcome.failure && !keep_failed_run(parts_.run, record, *outcome.failure)) return;
  put_off(state);
  const auto known = std::ranges::find_if(state.archives, [&](const ArchiveRecord& archive) {
    return archive.file_name == record.source &&
           archive.destination == path_text(state.destination);
  });
  if (!outcome.archive_fault.empty() && known != state.archives.end()) {
    known->check = ArchiveFacts::Check::Broken;
    known->checked_at = now;
    known->fault = outcome.archive_fault;
    parts_.run.records.update(*known);
  }
  if (outcome.failure) {
    report(parts_.run.events, state, EventId::DrillFailed,
           {record.source, outcome.failure->line()});
    return;
  }
  if (known != state.archives.end()) {
    known->check = ArchiveFacts::Check::Verified;
    known->checked_at = now;
    known->drilled_at = now;
    known->fault.clear();
    parts_.run.records.update(*known);
  }
  record.outcome = RunOutcome::Verified;
  parts_.run.records.end(record, nullptr);
  report(parts_.run.events, state, EventId::DrillPassed, {record.source});
}

}  // namespace holdfast
