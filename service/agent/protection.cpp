#include "service/agent/protection.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "common/text.h"
#include "service/agent/dataset_status.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kRunsAtOnce = 2;
constexpr std::chrono::seconds kLongestPause = 60s;
// How often a destination is looked through without a reason.
constexpr std::chrono::hours kScanEvery{1};

Error no_such_run(RunTicket ticket) {
  return {ErrorCode::NotFound, fmt::format("There is no run {}.", ticket), "Look at the history."};
}

}  // namespace

Protection::Protection(Parts parts)
    : parts_(std::move(parts)),
      records_(parts_.catalog_file, parts_.clock),
      datasets_({.records = records_,
                 .work = parts_.work,
                 .machine = parts_.machine,
                 .own_folder = parts_.catalog_file.parent_path(),
                 .profile_name = parts_.profile_name,
                 .profile_owner = parts_.profile_owner,
                 .service_rights = parts_.service_rights}),
      queue_(kRunsAtOnce),
      backups_(run_parts()),
      restores_({.run = run_parts(), .workers = parts_.workers}),
      drills_({.run = run_parts(), .random = parts_.random}),
      inspections_({.run = run_parts(),
                    .workers = parts_.workers,
                    .find = [this](const std::string& key) { return datasets_.find(key); },
                    .on_change = [this] { parts_.on_change(); }}),
      upkeep_({.records = records_,
               .workers = parts_.workers,
               .events = parts_.events,
               .clock = parts_.clock,
               .zone = parts_.zone,
               .machine = parts_.machine,
               .find = [this](const std::string& key) { return datasets_.find(key); },
               .on_change = [this] { parts_.on_change(); },
               .on_idle = [this] { parts_.on_change(); }}),
      uploads_({.records = records_,
                .workers = parts_.workers,
                .events = parts_.events,
                .clock = parts_.clock,
                .find = [this](const std::string& key) { return datasets_.find(key); },
                .on_change = [this] { parts_.on_change(); }}),
      troubles_(parts_.events),
      awake_since_(parts_.clock.now()) {}

RunParts Protection::run_parts() {
  return {.records = records_,
          .events = parts_.events,
          .clock = parts_.clock,
          .machine = parts_.machine,
          .is_stopping = [this] { return stopping_; }};
}

void Protection::use(const std::vector<EffectiveDataset>& datasets,
                     const std::vector<PresentUser>& users) {
  for (const std::string& key : datasets_.use(datasets, users)) {
    withdraw_all(key);
    upkeep_.give_up(key);
  }
  parts_.on_change();
}

void Protection::tick() {
  if (stopping_) return;
  if (records_.take_opened()) datasets_.reload();
  for (auto& [key, state] : datasets_.configured()) {
    const bool is_due = !state.scanned_at || is_future(*state.scanned_at, now()) ||
                        now() - *state.scanned_at >= kScanEvery;
    if (is_due && !state.under_way) upkeep_.begin(state);
    if (!state.under_way) upkeep_.go_on(state);
    uploads_.look(state);
    troubles_.tell(state, health_facts(state, next_run(state)), now());
  }
  troubles_.tell_record_fault(records_.fault());
  queue_what_is_due();
  start_what_waits();
  inspect_what_rests();
}

void Protection::queue_what_is_due() {
  for (const auto& [key, state] : datasets_.configured()) {
    if (queue_.is_waiting_or_running(key)) continue;
    const auto next = next_run(state);
    if (next && *next <= now()) {
      queue_.add({.dataset = key, .urgency = Urgency::Scheduled, .cause = "schedule"});
      continue;
    }
    for (const RunRequest& drill : drills_.due(state)) queue_.add(drill);
  }
}

void Protection::inspect_what_rests() {
  for (auto& [key, state] : datasets_.configured()) {
    if (state.under_way || queue_.is_waiting_or_running(key) || upkeep_.is_busy(key)) continue;
    if (inspections_.is_due(state)) inspections_.begin(state);
  }
}

void Protection::start_what_waits() {
  std::vector<std::string> busy;
  for (const auto& [key, state] : datasets_.configured()) {
    if (upkeep_.is_busy(key) || inspections_.is_busy(key)) busy.push_back(key);
  }
  while (const auto run = queue_.take_next(busy)) start(*run);
}

RunWork Protection::work_for(const DatasetState& state, const RunRequest& request) const {
  switch (request.kind) {
    case RunKind::Restore: return restores_.work_for(state, request);
    case RunKind::Drill: return drills_.work_for(state, request);
    case RunKind::Backup: break;
  }
  return backups_.work_for(state, request);
}

TakeOutcome Protection::failed(const RunRequest& request, const Error& why) const {
  switch (request.kind) {
    case RunKind::Restore: return restores_.failed(why);
    case RunKind::Drill: return drills_.failed(why);
    case RunKind::Backup: break;
  }
  return backups_.failed(why);
}

void Protection::start(const QueuedRun& run) {
  DatasetState& state = datasets_.known(run.request.dataset);
  RunUnderWay under_way{.ticket = run.ticket,
                        .record = {.dataset = state.key,
                                   .kind = run.request.kind,
                                   .cause = run.request.cause,
                                   .reason = run.request.reason,
                                   .user = run.request.user,
                                   .started_at = now(),
                                   .source = run.request.source}};
  records_.begin(under_way.record);
  inspections_.make_way(state.key);
  state.under_way = std::move(under_way);
  try {
    state.under_way->stop = start_work(state, run);
  } catch (const Error& error) {
    return finish(run, failed(run.request, error));
  }
  parts_.on_run(this->run(run.ticket));
  parts_.on_change();
}

std::stop_source Protection::start_work(const DatasetState& state, const QueuedRun& run) {
  return parts_.workers.start([this, run, work = work_for(state, run.request)](
                                  const std::stop_token& stop) -> Workers::Done {
    const auto on_progress = [this, &run](const RunProgress& progress) {
      parts_.workers.post([this, run, progress] { take_progress(run, progress); });
    };
    return [this, run, take = work(on_progress, stop)] { finish(run, take); };
  });
}

void Protection::take_progress(const QueuedRun& run, const RunProgress& progress) {
  DatasetState* state = datasets_.find(run.request.dataset);
  if (state == nullptr || !state->under_way || state->under_way->ticket != run.ticket) return;
  const auto percent = [](const RunProgress& at) {
    return at.total_bytes == 0 ? 0 : at.done_bytes * 100 / at.total_bytes;
  };
  RunProgress& shown = state->under_way->progress;
  const bool is_news = shown.phase != progress.phase || percent(shown) != percent(progress);
  shown = progress;
  if (!is_news) return;
  parts_.on_run(this->run(run.ticket));
  parts_.on_change();
}

void Protection::finish(const QueuedRun& run, const TakeOutcome& take) {
  queue_.ended(run.ticket);
  DatasetState* state = datasets_.find(run.request.dataset);
  RunRecord record = std::exchange(state->under_way, std::nullopt)->record;
  record.ended_at = now();
  take(*state, record);
  remember(run.ticket, record);
  if (record.outcome == RunOutcome::Verified) follow(*state, record);
  datasets_.ended(run.request.dataset);
  parts_.on_change();
}

void Protection::follow(DatasetState& state, const RunRecord& ended) {
  if (ended.kind == RunKind::Drill || !state.obstacle().empty()) return;
  upkeep_.begin(state);
  // What was restored is the newest state of the data, and in no archive of its own.
  if (ended.kind == RunKind::Restore && !stopping_ && datasets().contains(state.key)) {
    queue_.add({.dataset = state.key, .urgency = Urgency::Triggered, .cause = "restore"});
  }
}

std::optional<Time> Protection::next_run(const DatasetState& state) const {
  return next_run_of(state, parts_.machine, awake_since_, now(), parts_.zone);
}

Time Protection::next_tick() const {
  Time next = now() + kLongestPause;
  for (const auto& [key, state] : datasets_.configured()) {
    if (const auto look = uploads_.next_look(state)) next = std::min(next, std::max(*look, now()));
    if (queue_.is_waiting_or_running(key)) continue;
    if (const auto due = next_run(state)) next = std::min(next, std::max(*due, now()));
  }
  return next;
}

BackupRequest Protection::request_of(std::string_view dataset) const {
  return backup_request(datasets_.known(dataset), parts_.machine, "");
}

RunTicket Protection::ask(std::string_view dataset, const RunRequest& request) {
  const DatasetState& state = datasets_.known(dataset);
  if (!state.obstacle().empty()) throw Error(ErrorCode::NotFound, state.obstacle(), "");
  RunRequest own = request;
  own.dataset = state.key;
  const RunTicket ticket = queue_.add(own);
  if (own.kind != RunKind::Drill) make_way(state.key);
  parts_.on_change();
  return ticket;
}

bool Protection::is_waited_for(std::string_view owner) const {
  return std::ranges::any_of(queue_.waiting(), [&](const QueuedRun& run) {
    return run.request.kind == RunKind::Backup && run.request.urgency != Urgency::Scheduled &&
           datasets_.known(run.request.dataset).owner == owner;
  });
}

// Nobody is to wait for a drill that nobody asked for: it is done another time.
void Protection::make_way(const std::string& key) {
  for (const QueuedRun& run : std::vector(queue_.waiting())) {
    if (run.request.dataset == key && run.request.kind == RunKind::Drill &&
        run.request.urgency == Urgency::Scheduled) {
      withdraw(run);
    }
  }
  DatasetState& state = datasets_.known(key);
  const bool is_in_the_way = state.under_way && state.under_way->record.kind == RunKind::Drill &&
                             state.under_way->record.user.empty();
  if (is_in_the_way) state.under_way->stop.request_stop();
}

const ArchiveRecord& Protection::to_be_read(std::string_view dataset, const std::string& archive) {
  DatasetState& state = datasets_.known(dataset);
  const ArchiveRecord& found = archive_named(state, archive);
  if (found.is_local) return found;
  // It may have been fetched since: who asks again is told how it is then.
  state.scanned_at.reset();
  parts_.on_change();
  throw Error(
      ErrorCode::ArchiveInCloud,
      fmt::format("{} is only in the cloud, and the service cannot fetch it.",
                  one_line(archive, 100)),
      "Choose \"Always keep on this device\" for it in its folder, wait until it is there, and "
      "try again.");
}

RunTicket Protection::ask_for_restore(std::string_view dataset, const std::string& archive,
                                      bool foreign, const std::string& user) {
  return ask(dataset, {.kind = RunKind::Restore,
                       .urgency = Urgency::Asked,
                       .cause = "manual",
                       .user = user,
                       .source = to_be_read(dataset, archive).file_name,
                       .foreign = foreign});
}

Protection::Undo Protection::ask_for_undo(std::string_view dataset, const std::string& user) {
  const RunRequest request = restores_.undo(datasets_.known(dataset), user);
  to_be_read(dataset, request.source);
  return {.run = ask(dataset, request), .archive = request.source};
}

std::vector<Protection::AskedDrill> Protection::ask_for_drill(std::string_view dataset,
                                                              const std::string& archive,
                                                              const std::string& user) {
  if (!archive.empty()) to_be_read(dataset, archive);
  std::vector<AskedDrill> asked;
  for (const RunRequest& request : drills_.asked(datasets_.known(dataset), archive, user)) {
    asked.push_back({.run = ask(dataset, request), .archive = request.source});
  }
  return asked;
}

void Protection::preview(std::string_view dataset, const std::string& archive, RowCounts rows,
                         Restores::Told told) {
  const DatasetState& state = datasets_.known(dataset);
  if (!state.obstacle().empty()) throw Error(ErrorCode::NotFound, state.obstacle(), "");
  restores_.preview(state, to_be_read(dataset, archive).file_name, rows, std::move(told));
}

RunReport Protection::run(RunTicket ticket) const {
  for (const QueuedRun& waiting : queue_.waiting()) {
    if (waiting.ticket != ticket) continue;
    return {.ticket = ticket,
            .record = {.dataset = waiting.request.dataset, .kind = waiting.request.kind}};
  }
  if (const DatasetState* state = datasets_.running(ticket)) {
    return {.ticket = ticket,
            .state = RunReport::State::Running,
            .record = state->under_way->record,
            .progress = state->under_way->progress};
  }
  if (const RunReport* ended = ended_.find(ticket)) return *ended;
  throw no_such_run(ticket);
}

void Protection::when_ended(RunTicket ticket, std::function<void(const RunReport&)> then) {
  const RunReport report = run(ticket);
  if (report.state == RunReport::State::Ended) return then(report);
  ended_.wait(ticket, std::move(then));
}

std::vector<RunRequest> Protection::backups_of(std::string_view dataset) const {
  const std::string& key = datasets_.known(dataset).key;
  std::vector<RunRequest> requests;
  for (const auto* runs : {&queue_.waiting(), &queue_.running()}) {
    for (const QueuedRun& run : *runs) {
      if (run.request.dataset == key && run.request.kind == RunKind::Backup) {
        requests.push_back(run.request);
      }
    }
  }
  return requests;
}

bool Protection::cancel_backups(std::string_view dataset) {
  DatasetState& state = datasets_.known(dataset);
  bool was_any = false;
  for (const QueuedRun& run : std::vector(queue_.waiting())) {
    if (run.request.dataset != state.key || run.request.kind != RunKind::Backup) continue;
    withdraw(run);
    was_any = true;
  }
  if (state.under_way && state.under_way->record.kind == RunKind::Backup) {
    state.under_way->stop.request_stop();
    was_any = true;
  }
  parts_.on_change();
  return was_any;
}

RunRequest Protection::asked_as(RunTicket ticket) const {
  if (auto request = queue_.find(ticket)) return *std::move(request);
  throw no_such_run(ticket);
}

Protection::Cancelling Protection::cancel(RunTicket ticket) {
  for (const QueuedRun& run : std::vector(queue_.waiting())) {
    if (run.ticket != ticket) continue;
    put_off(run.request);
    withdraw(run);
    parts_.on_change();
    return Cancelling::Done;
  }
  const DatasetState* running = datasets_.running(ticket);
  if (running == nullptr) throw no_such_run(ticket);
  if (!running->under_way->progress.can_be_cancelled) return Cancelling::TooLate;
  put_off(asked_as(ticket));
  running->under_way->stop.request_stop();
  return Cancelling::Asked;
}

// What somebody does not want now is not begun again at once.
void Protection::put_off(const RunRequest& cancelled) {
  DatasetState* state = datasets_.find(cancelled.dataset);
  const bool comes_by_itself =
      cancelled.kind == RunKind::Drill && cancelled.urgency == Urgency::Scheduled;
  if (comes_by_itself && state != nullptr) drills_.put_off(*state);
}

void Protection::verify_archive(std::string_view dataset, const std::string& file_name,
                                ArchiveUpkeep::Told told) {
  upkeep_.verify(datasets_.known(dataset), to_be_read(dataset, file_name).file_name,
                 std::move(told));
}

void Protection::delete_archive(std::string_view dataset, const std::string& file_name,
                                const std::string& user, const ArchiveUpkeep::Told& told) {
  const DatasetState& state = datasets_.known(dataset);
  upkeep_.remove(
      state, file_name,
      [this, title = state.dataset.title, key = state.key, user, told](
          const ArchiveRecord& archive, const std::optional<Error>& why_not) {
        if (!why_not) {
          parts_.events.report({EventId::ArchiveDeleted, {title, archive.file_name, user}, key});
        }
        told(archive, why_not);
      });
}

const std::vector<ArchiveRecord>& Protection::archives(std::string_view dataset) const {
  return datasets_.known(dataset).archives;
}

std::map<std::string, std::int64_t> Protection::accept_counts(std::string_view dataset,
                                                              const std::string& user) {
  DatasetState& state = datasets_.known(dataset);
  const ArchiveRecord* newest = newest_verified(state);
  if (state.record.drops.empty() || newest == nullptr) {
    throw Error(ErrorCode::NotFound, fmt::format("No count of {} has fallen.", state.dataset.title),
                "There is nothing to accept.");
  }
  state.record.good_counts = newest->counts;
  state.record.drops.clear();
  records_.save(state.record);
  report(parts_.events, state, EventId::CountsAccepted, {user});
  // Retention goes on after the next look at the archives.
  state.scanned_at.reset();
  parts_.on_change();
  return state.record.good_counts;
}

void Protection::withdraw(const QueuedRun& run) {
  queue_.withdraw(run.ticket);
  remember(run.ticket, {.dataset = run.request.dataset,
                        .kind = run.request.kind,
                        .started_at = now(),
                        .ended_at = now(),
                        .outcome = RunOutcome::Cancelled,
                        .source = run.request.source});
}

void Protection::withdraw_all(const std::string& key) {
  for (const QueuedRun& run : std::vector(queue_.waiting())) {
    if (run.request.dataset == key) withdraw(run);
  }
}

void Protection::remember(RunTicket ticket, const RunRecord& ended) {
  const RunReport report{.ticket = ticket, .state = RunReport::State::Ended, .record = ended};
  parts_.on_run(report);
  ended_.add(report);
}

std::optional<std::chrono::seconds> Protection::age(const DatasetState& state) const {
  const DatasetFacts facts = health_facts(state, std::nullopt);
  const auto good = std::max(facts.archived_at, facts.unchanged_at);
  if (!good || is_future(*good, now())) return std::nullopt;
  return now() - *good;
}

void Protection::stop() {
  stopping_ = true;
  upkeep_.stop();
  restores_.stop();
  inspections_.stop();
  uploads_.stop();
  for (const QueuedRun& run : std::vector(queue_.waiting())) withdraw(run);
  datasets_.request_stop();
}

std::vector<DatasetStatus> Protection::statuses(const Sees& sees) const {
  std::vector<DatasetStatus> statuses;
  for (const auto& [key, state] : datasets()) {
    if (sees(state.owner)) statuses.push_back(dataset_status(state, next_run(state), now()));
  }
  return statuses;
}

std::vector<RunRecord> Protection::history(const RunQuery& query) {
  if (!query.dataset.empty()) datasets_.known(query.dataset);
  return records_.runs(query);
}

std::vector<RetentionDecision> Protection::retention_preview(std::string_view dataset) const {
  return retention_of(datasets_.known(dataset), parts_.machine, parts_.zone, now());
}

}  // namespace holdfast
