#include "service/agent/protection.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "common/path_text.h"
#include "common/text.h"
#include "service/health/counts_alarm.h"
#include "service/health/overall_status.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kRunsAtOnce = 2;
constexpr std::size_t kReportsKept = 200;
constexpr std::chrono::seconds kLongestPause = 60s;
// How often a destination is looked through without a reason.
constexpr std::chrono::hours kScanEvery{1};

}  // namespace

Protection::Protection(Parts parts)
    : parts_(std::move(parts)),
      records_(parts_.catalog_file, parts_.clock),
      queue_(kRunsAtOnce),
      upkeep_({.records = records_,
               .work = parts_.work,
               .workers = parts_.workers,
               .clock = parts_.clock,
               .zone = parts_.zone,
               .machine = parts_.machine,
               .find = [this](const std::string& key) { return find(key); },
               .on_change = [this] { parts_.on_change(); },
               .on_idle = [this] { parts_.on_change(); }}),
      awake_since_(parts_.clock.now()) {}

void Protection::use(const std::vector<EffectiveDataset>& datasets) {
  Datasets before = std::exchange(datasets_, {});
  for (DatasetState& state : dataset_states(datasets, parts_.machine)) {
    records_.load(state);
    if (const auto same = before.find(state.key); same != before.end()) {
      state.under_way = std::move(same->second.under_way);
      state.told_stale = same->second.told_stale;
      state.told_held_back = same->second.told_held_back;
      state.told_failure = same->second.told_failure;
      before.erase(same);
    } else if (const auto returned = leaving_.extract(state.key)) {
      state.under_way = std::move(returned.mapped().under_way);
    }
    if (!state.fault.empty()) withdraw(state.key);
    datasets_.emplace(state.key, std::move(state));
  }
  for (auto& [key, state] : before) {
    withdraw(key);
    upkeep_.give_up(key);
    if (!state.under_way) continue;
    state.under_way->stop.request_stop();
    leaving_.insert_or_assign(key, std::move(state));
  }
  parts_.on_change();
}

void Protection::tick() {
  if (stopping_) return;
  if (records_.take_opened()) reload();
  for (auto& [key, state] : datasets_) {
    const bool is_due = !state.scanned_at || is_future(*state.scanned_at, now()) ||
                        now() - *state.scanned_at >= kScanEvery;
    if (is_due && !state.under_way) upkeep_.begin(state);
    if (!state.under_way) upkeep_.go_on(state);
    tell_about(state);
  }
  tell_about_record();
  queue_what_is_due();
  start_what_waits();
}

void Protection::reload() {
  for (auto& [key, state] : datasets_) {
    records_.load(state);
    state.scanned_at.reset();
  }
}

void Protection::queue_what_is_due() {
  for (const auto& [key, state] : datasets_) {
    const auto next = next_run(state);
    if (!next || *next > now() || queue_.is_waiting_or_running(key)) continue;
    queue_.add({.dataset = key, .urgency = Urgency::Scheduled, .cause = "schedule"});
  }
}

void Protection::start_what_waits() {
  std::vector<std::string> busy;
  for (const auto& [key, state] : datasets_) {
    if (upkeep_.is_busy(key)) busy.push_back(key);
  }
  while (const auto run = queue_.take_next(busy)) start(*run);
}

void Protection::start(const QueuedRun& run) {
  DatasetState& state = datasets_.at(run.request.dataset);
  RunUnderWay under_way{.ticket = run.ticket,
                        .record = {.dataset = state.key,
                                   .kind = run.request.kind,
                                   .cause = run.request.cause,
                                   .reason = run.request.reason,
                                   .user = run.request.user,
                                   .started_at = now()}};
  records_.begin(under_way.record);
  const std::string reason = run.request.reason.empty() ? run.request.cause : run.request.reason;
  BackupJob job = backup_job(state, parts_.machine, run.request.urgency, reason, now());
  state.under_way = std::move(under_way);
  state.under_way->stop = parts_.workers.start(
      [this, run, job = std::move(job)](const std::stop_token& stop) -> Workers::Done {
        const auto on_progress = [this, &run](const BackupProgress& progress) {
          parts_.workers.post([this, run, progress] { take_progress(run, progress); });
        };
        return [this, run, outcome = parts_.work.back_up(job, on_progress, stop)] {
          finish(run, outcome);
        };
      });
  parts_.on_run(this->run(run.ticket));
  parts_.on_change();
}

void Protection::take_progress(const QueuedRun& run, const BackupProgress& progress) {
  DatasetState* state = find(run.request.dataset);
  if (state == nullptr || !state->under_way || state->under_way->ticket != run.ticket) return;
  const auto percent = [](const BackupProgress& at) {
    return at.total_bytes == 0 ? 0 : at.done_bytes * 100 / at.total_bytes;
  };
  BackupProgress& shown = state->under_way->progress;
  const bool is_news = shown.phase != progress.phase || percent(shown) != percent(progress);
  shown = progress;
  if (!is_news) return;
  parts_.on_run(this->run(run.ticket));
  parts_.on_change();
}

void Protection::finish(const QueuedRun& run, const BackupOutcome& outcome) {
  queue_.ended(run.ticket);
  DatasetState* state = find(run.request.dataset);
  RunRecord record = std::exchange(state->under_way, std::nullopt)->record;
  record.ended_at = now();
  if (outcome.made) {
    take_archive(*state, record, *outcome.made);
  } else if (outcome.failure) {
    take_failure(*state, record, outcome);
  } else {
    record.outcome = RunOutcome::Unchanged;
    records_.end(record, nullptr);
    state->told_failure.reset();
    report(*state, EventId::BackupUnchanged);
  }
  add_run(state->runs, record);
  remember(run.ticket, record);
  if (outcome.made) upkeep_.begin(*state);
  if (!datasets_.contains(run.request.dataset)) leaving_.erase(run.request.dataset);
  parts_.on_change();
}

void Protection::take_archive(DatasetState& state, RunRecord& record, const BackupResult& made) {
  const Manifest& manifest = made.manifest;
  const ArchiveRecord archive{.dataset = state.key,
                              .destination = path_text(made.archive.parent_path()),
                              .file_name = path_text(made.archive.filename()),
                              .host = archive_host(manifest.host),
                              .taken_at = manifest.created_at,
                              .bytes = made.archive_bytes,
                              .check = ArchiveFacts::Check::Verified,
                              .checked_at = record.ended_at,
                              .reason = manifest.reason,
                              .user = manifest.user,
                              .counts = manifest.counts,
                              .schema_hash = manifest.schema_hash};
  record.outcome = RunOutcome::Verified;
  record.archive = archive.file_name;
  records_.end(record, &archive);
  state.archives.insert(state.archives.begin(), archive);
  records_.reload_archives(state);
  state.record.damage.clear();
  state.record.change_mark = made.change_mark;
  state.record.marked_archive = archive.file_name;
  state.told_failure.reset();
  report(state, EventId::BackupVerified, {path_text(made.archive), size_text(made.archive_bytes)});
  take_counts(state, manifest.counts);
  records_.save(state.record);
}

// The alarm goes on ringing until the counts are back: the good ones stay what they were.
void Protection::take_counts(DatasetState& state,
                             const std::map<std::string, std::int64_t>& counts) {
  auto before = state.record.good_counts;
  std::erase_if(before,
                [&](const auto& count) { return !state.dataset.counts.contains(count.first); });
  const bool rang = !state.record.drops.empty();
  state.record.drops = counts_alarm(before, counts, state.dataset.alarm_on_drop_percent);
  if (state.record.drops.empty()) {
    state.record.good_counts = counts;
  } else if (!rang) {
    const DatasetHealth told = dataset_health(health_facts(state, std::nullopt), now());
    report(state, EventId::CountsDropped, {told.headline});
  }
}

void Protection::take_failure(DatasetState& state, RunRecord& record,
                              const BackupOutcome& outcome) {
  const Error& failure = *outcome.failure;
  record.error_code = name(failure.code());
  record.sentence = failure.line();
  record.outcome = RunOutcome::Failed;
  if (failure.code() == ErrorCode::Cancelled) {
    record.outcome = stopping_ ? RunOutcome::Interrupted : RunOutcome::Cancelled;
  }
  // While the disk is busy with what was broken off, a record would take seconds that a stop does
  // not have: the next start makes it.
  if (record.outcome == RunOutcome::Interrupted) return;
  records_.end(record, nullptr);
  if (record.outcome != RunOutcome::Failed) return;
  EventId event = EventId::BackupFailed;
  if (outcome.destination_failed) event = EventId::DestinationNotReachable;
  if (failure.code() == ErrorCode::DiskFull) event = EventId::DiskFull;
  if (failure.code() == ErrorCode::DatabaseDamaged) {
    event = EventId::DatabaseDamaged;
    state.record.damage = failure.what();
    records_.save(state.record);
  }
  // The same trouble is news once, whatever its sentence says this time.
  const std::pair trouble(event, failure.code());
  if (std::exchange(state.told_failure, trouble) == trouble) return;
  report(state, event, {failure.line()});
}

void Protection::report(const DatasetState& state, EventId id,
                        std::vector<std::string> more) const {
  more.insert(more.begin(), state.dataset.title);
  parts_.events.report({id, std::move(more), state.key});
}

// What comes about by the passing of time, or is nobody's outcome.
void Protection::tell_about(DatasetState& state) {
  const DatasetFacts facts = health_facts(state, next_run(state));
  const bool is_stale = is_overdue(facts, now());
  if (is_stale && !state.told_stale) {
    report(state, EventId::Stale, {dataset_health(facts, now()).headline});
  }
  state.told_stale = is_stale;
  const std::string reason = held_back(state);
  const std::string before = std::exchange(state.told_held_back, reason);
  if (reason == before) return;
  if (reason.empty()) {
    report(state, EventId::RetentionGoesOn);
  } else {
    report(state, EventId::RetentionHeldBack, {reason});
  }
}

void Protection::tell_about_record() {
  const bool has_failed = !records_.fault().empty();
  if (has_failed == std::exchange(told_not_recorded_, has_failed)) return;
  if (has_failed) {
    parts_.events.report({EventId::NotRecorded, {records_.fault()}});
  } else {
    parts_.events.report({EventId::Recorded, {}});
  }
}

std::optional<Time> Protection::next_run(const DatasetState& state) const {
  return next_run_of(state, parts_.machine, awake_since_, now(), parts_.zone);
}

Time Protection::next_tick() const {
  Time next = now() + kLongestPause;
  for (const auto& [key, state] : datasets_) {
    if (queue_.is_waiting_or_running(key)) continue;
    if (const auto due = next_run(state)) next = std::min(next, std::max(*due, now()));
  }
  return next;
}

BackupRequest Protection::request_of(std::string_view dataset) const {
  return backup_request(known(dataset), parts_.machine, "");
}

RunTicket Protection::ask(std::string_view dataset, const RunRequest& request) {
  const DatasetState& state = known(dataset);
  if (!state.fault.empty()) throw Error(ErrorCode::NotFound, state.fault, "");
  RunRequest own = request;
  own.dataset = state.key;
  const RunTicket ticket = queue_.add(own);
  parts_.on_change();
  return ticket;
}

RunReport Protection::run(RunTicket ticket) const {
  for (const QueuedRun& waiting : queue_.waiting()) {
    if (waiting.ticket != ticket) continue;
    return {.ticket = ticket, .record = {.dataset = waiting.request.dataset}};
  }
  for (const Datasets* datasets : {&datasets_, &leaving_}) {
    for (const auto& [key, state] : *datasets) {
      if (!state.under_way || state.under_way->ticket != ticket) continue;
      return {.ticket = ticket,
              .state = RunReport::State::Running,
              .record = state.under_way->record,
              .progress = state.under_way->progress};
    }
  }
  const auto ended = std::ranges::find(ended_, ticket, &RunReport::ticket);
  if (ended != ended_.end()) return *ended;
  throw Error(ErrorCode::NotFound, fmt::format("There is no run {}.", ticket),
              "Look at the history.");
}

void Protection::when_ended(RunTicket ticket, std::function<void(const RunReport&)> then) {
  const RunReport report = run(ticket);
  if (report.state == RunReport::State::Ended) return then(report);
  waiting_for_end_.emplace(ticket, std::move(then));
}

std::vector<RunRequest> Protection::runs_of(std::string_view dataset) const {
  const std::string& key = known(dataset).key;
  std::vector<RunRequest> requests;
  for (const auto* runs : {&queue_.waiting(), &queue_.running()}) {
    for (const QueuedRun& run : *runs) {
      if (run.request.dataset == key) requests.push_back(run.request);
    }
  }
  return requests;
}

bool Protection::cancel(std::string_view dataset) {
  const DatasetState& state = known(dataset);
  const bool withdrawn = withdraw(state.key);
  if (state.under_way) find(dataset)->under_way->stop.request_stop();
  parts_.on_change();
  return withdrawn || state.under_way;
}

void Protection::verify_archive(std::string_view dataset, const std::string& file_name,
                                ArchiveUpkeep::Told told) {
  upkeep_.verify(known(dataset), file_name, std::move(told));
}

void Protection::delete_archive(std::string_view dataset, const std::string& file_name,
                                const std::string& user, const ArchiveUpkeep::Told& told) {
  const DatasetState& state = known(dataset);
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
  return known(dataset).archives;
}

std::map<std::string, std::int64_t> Protection::accept_counts(std::string_view dataset,
                                                              const std::string& user) {
  DatasetState& state = datasets_.at(known(dataset).key);
  const ArchiveRecord* newest = newest_verified(state);
  if (state.record.drops.empty() || newest == nullptr) {
    throw Error(ErrorCode::NotFound, fmt::format("No count of {} has fallen.", state.dataset.title),
                "There is nothing to accept.");
  }
  state.record.good_counts = newest->counts;
  state.record.drops.clear();
  records_.save(state.record);
  report(state, EventId::CountsAccepted, {user});
  // Retention goes on after the next look at the archives.
  state.scanned_at.reset();
  parts_.on_change();
  return state.record.good_counts;
}

bool Protection::withdraw(const std::string& key) {
  const auto ticket = queue_.withdraw(key);
  if (!ticket) return false;
  remember(
      *ticket,
      {.dataset = key, .started_at = now(), .ended_at = now(), .outcome = RunOutcome::Cancelled});
  return true;
}

void Protection::remember(RunTicket ticket, const RunRecord& ended) {
  const RunReport report{.ticket = ticket, .state = RunReport::State::Ended, .record = ended};
  ended_.push_back(report);
  if (ended_.size() > kReportsKept) ended_.pop_front();
  parts_.on_run(report);
  for (auto waiting = waiting_for_end_.extract(ticket); waiting;
       waiting = waiting_for_end_.extract(ticket)) {
    waiting.mapped()(report);
  }
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
  for (Datasets* datasets : {&datasets_, &leaving_}) {
    for (auto& [key, state] : *datasets) {
      withdraw(key);
      if (state.under_way) state.under_way->stop.request_stop();
    }
  }
}

std::vector<DatasetStatus> Protection::statuses(const Sees& sees) const {
  std::vector<DatasetStatus> statuses;
  for (const auto& [key, state] : datasets_) {
    if (!sees(state.owner)) continue;
    const auto next = next_run(state);
    const DatasetFacts facts = health_facts(state, next);
    const DatasetHealth told = dataset_health(facts, now());
    statuses.push_back({.id = key,
                        .title = state.dataset.title,
                        .health = told.health,
                        .headline = told.headline,
                        .archived_at = facts.archived_at,
                        .next_run = next,
                        .percent = facts.current_run ? facts.current_run->percent : std::nullopt});
  }
  return statuses;
}

std::vector<RunRecord> Protection::history(const RunQuery& query) {
  if (!query.dataset.empty()) known(query.dataset);
  return records_.runs(query);
}

std::vector<RetentionDecision> Protection::retention_preview(std::string_view dataset) const {
  return retention_of(known(dataset), parts_.machine, parts_.zone, now());
}

DatasetState* Protection::find(std::string_view dataset) {
  for (Datasets* datasets : {&datasets_, &leaving_}) {
    if (const auto found = datasets->find(dataset); found != datasets->end()) return &found->second;
  }
  return nullptr;
}

const DatasetState& Protection::known(std::string_view dataset) const {
  const auto found = datasets_.find(dataset);
  if (found != datasets_.end()) return found->second;
  throw Error(ErrorCode::NotFound,
              fmt::format("There is no dataset \"{}\".", one_line(dataset, 80)),
              "See which there are: holdfast status.");
}

}  // namespace holdfast
