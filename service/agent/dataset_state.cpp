#include "service/agent/dataset_state.h"

#include <xxhash.h>

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "common/path_text.h"
#include "service/archive/archive_name.h"
#include "service/config/path_rules.h"

namespace holdfast {
namespace {

// The same for one dataset on one machine, and another on the next.
std::chrono::seconds spread(const DatasetState& state, const MachineFacts& machine) {
  const std::string text = machine.host + '\n' + state.key;
  const std::chrono::seconds longest = max_spread(state.dataset.schedule);
  return std::chrono::seconds(XXH3_64bits(text.data(), text.size()) %
                              static_cast<std::uint64_t>(longest.count() + 1));
}

const KnownFolders& folders_of(const DatasetInstance& instance, const MachineFacts& machine) {
  return instance.user == nullptr ? machine.folders : instance.user->user.folders;
}

std::filesystem::path folder_in_one_drive(const OneDriveDestination& destination,
                                          const DatasetInstance& instance) {
  const PresentUser& present = *instance.user;
  const CloudRoot& root = chosen_root(present.one_drive, present.roots, destination.account);
  return folder_inside(root, destination.folder);
}

bool is_below(const std::filesystem::path& path, const std::filesystem::path& folder) {
  return (folded_path(path_text(path)) + '\\').starts_with(folded_path(path_text(folder)) + '\\');
}

bool is_in_own_folder(const std::filesystem::path& path, const SignedInUser& user) {
  return std::ranges::any_of(user.folders, [&path](const auto& folder) {
    const auto& [token, place] = folder;
    return has_per_user_token('{' + token + '}') && is_below(path, text_path(place));
  });
}

// In a folder that other users may have named, too, each has one of its own: names of archives tell
// the dataset and the computer, and retention would delete what another user has there.
std::filesystem::path named_folder(const std::string& folder, const DatasetInstance& instance,
                                   const MachineFacts& machine) {
  std::filesystem::path path = text_path(expand(folder, folders_of(instance, machine)));
  if (instance.user == nullptr || is_in_own_folder(path, instance.user->user)) return path;
  return path / text_path(instance.user->user.name);
}

std::filesystem::path folder_of(const DatasetInstance& instance, const MachineFacts& machine) {
  const Destination& destination = instance.configured.dataset.destination;
  if (const auto* one_drive = std::get_if<OneDriveDestination>(&destination)) {
    return folder_in_one_drive(*one_drive, instance);
  }
  return named_folder(std::get<FolderDestination>(destination).folder, instance, machine);
}

// Where only this user can write.
std::filesystem::path own_folder(const PresentUser& present) {
  return text_path(expand("{localappdata}\\Holdfast", present.user.folders));
}

// Archives are known by the text of their folder: one folder is written in one way.
std::filesystem::path in_one_spelling(const std::filesystem::path& folder) {
  std::filesystem::path normal = folder.lexically_normal();
  const bool ends_with_separator = !normal.has_filename() && normal.has_relative_path();
  return ends_with_separator ? normal.parent_path() : normal;
}

// What the configuration's check cannot see before the tokens are expanded.
std::string destination_fault_of(const DatasetState& state) {
  const auto fault = destination_fault(state.dataset.id, path_text(state.database),
                                       path_text(state.destination), state.dataset.include);
  if (!fault) return {};
  return fmt::format("The destination {} {}. Choose another folder in the configuration.",
                     path_text(state.destination), *fault);
}

// OneDrive may come back, and until then nothing is lost.
void find_destination(DatasetState& state, const DatasetInstance& instance,
                      const MachineFacts& machine) {
  const bool is_one_drive =
      std::holds_alternative<OneDriveDestination>(instance.configured.dataset.destination);
  try {
    state.destination = in_one_spelling(folder_of(instance, machine));
  } catch (const Error& error) {
    if (!is_one_drive || error.code() != ErrorCode::NotFound) throw;
    state.lost_destination = error.line();
  }
}

DatasetState dataset_state(const DatasetInstance& instance, const MachineFacts& machine) {
  DatasetState state{.key = instance.key,
                     .dataset = instance.configured.dataset,
                     .owner = instance.owner,
                     .host = archive_host(machine.host),
                     .waits = instance.waits};
  state.record.dataset = state.key;
  if (!state.waits.empty()) return state;
  if (instance.user != nullptr && !instance.user->user.fault.empty()) {
    state.fault = fmt::format("Nothing can be done for {}, who is signed in: {}",
                              instance.user->user.name, instance.user->user.fault);
    return state;
  }
  try {
    state.database = text_path(expand(state.dataset.database, folders_of(instance, machine)));
    if (instance.user != nullptr) {
      state.rights = instance.user->user.rights;
      state.user = instance.user->user.name;
      state.scratch = own_folder(*instance.user) / "scratch";
      state.outbox = own_folder(*instance.user) / "outbox" / state.dataset.id;
    }
    find_destination(state, instance, machine);
    if (state.lost_destination.empty()) state.fault = destination_fault_of(state);
  } catch (const Error& error) {
    state.fault = error.line();
  }
  return state;
}

bool is_here(const DatasetState& state, const ArchiveRecord& archive) {
  return archive.destination == path_text(state.destination);
}

// Also under another name that this computer had.
bool is_own(const DatasetState& state, const ArchiveRecord& archive) {
  return archive.host == state.host || archive.sequence.has_value();
}

RunHistory run_history(const DatasetState& state, Time awake_since) {
  RunHistory history{.known_since = state.record.known_since,
                     .last_good = state.runs.last_good_start,
                     .failures = state.runs.failures,
                     .awake_since = awake_since};
  if (const auto& last = state.runs.last) {
    history.last_attempt = {.started_at = last->started_at,
                            .ended_at = last->ended_at.value_or(last->started_at)};
  }
  return history;
}

DatasetFacts::LastRun last_run(const RunRecord& run) {
  using Outcome = DatasetFacts::LastRun::Outcome;
  DatasetFacts::LastRun last{.ended_at = run.ended_at.value_or(run.started_at),
                             .failure = run.sentence};
  switch (run.outcome) {
    case RunOutcome::Verified: last.outcome = Outcome::Verified; break;
    case RunOutcome::Unchanged: last.outcome = Outcome::Unchanged; break;
    case RunOutcome::Cancelled: last.outcome = Outcome::Cancelled; break;
    case RunOutcome::Interrupted:
    case RunOutcome::Running:
      last.outcome = Outcome::Failed;
      last.failure = "the service ended while the backup was made";
      break;
    case RunOutcome::Failed: last.outcome = Outcome::Failed; break;
  }
  return last;
}

DatasetFacts::CurrentRun::Kind shown_kind(RunKind kind) {
  switch (kind) {
    case RunKind::Restore: return DatasetFacts::CurrentRun::Kind::Restore;
    case RunKind::Drill: return DatasetFacts::CurrentRun::Kind::Drill;
    case RunKind::Backup: break;
  }
  return DatasetFacts::CurrentRun::Kind::Backup;
}

DatasetFacts::CurrentRun current_run(const RunUnderWay& run) {
  DatasetFacts::CurrentRun current{.kind = shown_kind(run.record.kind),
                                   .started_at = run.record.started_at};
  if (run.progress.total_bytes != 0) {
    current.percent = static_cast<int>(
        std::min<std::uint64_t>(100, run.progress.done_bytes * 100 / run.progress.total_bytes));
  }
  return current;
}

}  // namespace

std::vector<DatasetState> dataset_states(std::span<const DatasetInstance> instances,
                                         const MachineFacts& machine) {
  std::vector<DatasetState> states;
  // The folded path of a database -> whose it is. One dataset may be there for several users.
  std::map<std::string, std::pair<std::string, std::string>> protects;
  for (const DatasetInstance& instance : instances) {
    DatasetState& state = states.emplace_back(dataset_state(instance, machine));
    if (!state.obstacle().empty()) continue;
    const auto [first, is_new] = protects.emplace(folded_path(path_text(state.database)),
                                                  std::pair(state.dataset.id, state.dataset.title));
    if (is_new || first->second.first == state.dataset.id) continue;
    state.fault = fmt::format(
        "The dataset {} protects the database {} already. Remove one of the two from the "
        "configuration.",
        first->second.second, path_text(state.database));
  }
  return states;
}

bool is_in_cloud(const std::filesystem::path& folder, std::span<const PresentUser> users) {
  const auto has = [&folder](const CloudRoot& root) {
    return is_below(folder, text_path(root.folder));
  };
  return std::ranges::any_of(
      users, [&](const PresentUser& present) { return std::ranges::any_of(present.roots, has); });
}

BackupRequest backup_request(const DatasetState& state, const MachineFacts& machine,
                             const std::string& reason) {
  return {.dataset = state.dataset.id,
          .database = state.database,
          .destination = state.destination,
          .include = state.dataset.include,
          .letter_case = machine.letter_case,
          .counts = state.dataset.counts,
          .reason = reason,
          .host = machine.host,
          .user = state.user.empty() ? machine.user : state.user,
          .retries = state.dataset.retries};
}

BackupJob backup_job(const DatasetState& state, const MachineFacts& machine, Urgency urgency,
                     const std::string& reason, Time now) {
  BackupJob job{.request = backup_request(state, machine, reason),
                .outbox = state.outbox,
                .outbox_mark = urgency >= Urgency::Asked ? "" : state.outbox_mark,
                .lost_destination = state.lost_destination,
                .is_for_cloud = state.is_in_cloud};
  if (urgency >= Urgency::Asked) {
    job.priority = WorkPriority::Waited;
    return job;
  }
  const ArchiveRecord* newest = newest_verified(state);
  if (newest == nullptr || newest->file_name != state.record.marked_archive) return job;
  const bool all_is_well = state.record.damage.empty() && state.record.drops.empty();
  const bool is_recent =
      !is_future(newest->taken_at, now) && now - newest->taken_at < kLongestUnchanged;
  if (all_is_well && is_recent) {
    job.last_archive = {.change_mark = state.record.change_mark,
                        .file = state.destination / text_path(newest->file_name),
                        .bytes = newest->bytes};
  }
  return job;
}

ArchiveRecord archive_record(const DatasetState& state, const BackupResult& made,
                             std::optional<Time> checked_at) {
  const Manifest& manifest = made.manifest;
  ArchiveRecord archive{.dataset = state.key,
                        .destination = path_text(made.archive.parent_path()),
                        .file_name = path_text(made.archive.filename()),
                        .host = archive_host(manifest.host),
                        .taken_at = manifest.created_at,
                        .bytes = made.archive_bytes,
                        .check = ArchiveFacts::Check::Verified,
                        .checked_at = checked_at,
                        .reason = manifest.reason,
                        .user = manifest.user,
                        .counts = manifest.counts,
                        .schema_hash = manifest.schema_hash};
  if (state.is_in_cloud) {
    archive.cloud_state = name(CloudState::Waiting);
    archive.cloud_since = checked_at;
  }
  if (const auto name = parse_archive_name(archive.file_name)) archive.kind = name->kind;
  return archive;
}

const ArchiveRecord* archive_here(const DatasetState& state, const std::string& file_name) {
  const auto found = std::ranges::find_if(state.archives, [&](const ArchiveRecord& archive) {
    return archive.file_name == file_name && is_here(state, archive);
  });
  return found == state.archives.end() ? nullptr : &*found;
}

const ArchiveRecord* newest_verified(const DatasetState& state) {
  for (const ArchiveRecord& archive : state.archives) {
    if (is_here(state, archive) && is_own(state, archive) && archive.conflict_of.empty() &&
        archive.check == ArchiveFacts::Check::Verified &&
        archive.kind == ArchiveName::Kind::Backup) {
      return &archive;
    }
  }
  return nullptr;
}

bool has_same_content(const ArchiveRecord& one, const ArchiveRecord& other) {
  return !one.file_hash.empty() && one.file_hash == other.file_hash && one.bytes == other.bytes;
}

std::optional<Time> drilled_at(const DatasetState& state) {
  std::optional<Time> last;
  for (const ArchiveRecord& archive : state.archives) {
    if (is_here(state, archive) && archive.conflict_of.empty()) {
      last = std::max(last, archive.drilled_at);
    }
  }
  return last;
}

std::string restore_with(const DatasetState& state) {
  const ArchiveRecord* newest = newest_verified(state);
  return state.record.damage.empty() || newest == nullptr ? std::string() : newest->file_name;
}

std::optional<Time> next_run_of(const DatasetState& state, const MachineFacts& machine,
                                Time awake_since, Time now, const TimeZone& zone) {
  if (!state.obstacle().empty()) return std::nullopt;
  return next_run(state.dataset.schedule, run_history(state, awake_since), now, zone,
                  spread(state, machine));
}

DatasetFacts health_facts(const DatasetState& state, std::optional<Time> next_run) {
  DatasetFacts facts{.known_since = state.record.known_since,
                     .next_run = next_run,
                     .stale_after = state.dataset.stale_after,
                     .damage = state.record.damage,
                     .drops = state.record.drops,
                     .lost_destination = state.lost_destination,
                     .waiting_since = state.record.not_in_cloud_since,
                     .waiting_limit = state.dataset.waiting_limit,
                     .waits = state.waits};
  if (const ArchiveRecord* newest = newest_verified(state)) {
    facts.archived_at = newest->taken_at;
    facts.cloud = cloud_state(newest->cloud_state).value_or(CloudState::NotApplicable);
    facts.cloud_reason = newest->cloud_sentence;
    facts.uploaded_at = newest->cloud_confirmed_at;
    // "Unchanged" was said of one archive, which may have been taken away since.
    if (newest->file_name == state.record.marked_archive) {
      facts.unchanged_at = state.runs.unchanged_at;
    }
  }
  if (state.runs.last) facts.last_run = last_run(*state.runs.last);
  if (!state.fault.empty()) {
    facts.last_run = {.outcome = DatasetFacts::LastRun::Outcome::Failed,
                      .ended_at = state.record.known_since,
                      .failure = state.fault};
  }
  if (state.under_way) facts.current_run = current_run(*state.under_way);
  return facts;
}

std::string held_back(const DatasetState& state) {
  if (!state.record.damage.empty()) return "the database was found damaged";
  if (!state.record.drops.empty()) {
    return fmt::format("the number of {} fell", state.record.drops.front().name);
  }
  return {};
}

ArchiveFacts archive_facts(const ArchiveRecord& archive) {
  return {.id = archive.file_name,
          .kind = archive.kind,
          .host = archive.host,
          .taken_at = archive.taken_at,
          .sequence = archive.sequence,
          .check = archive.check,
          .drilled_at = archive.drilled_at,
          .cloud_confirmed_at = archive.cloud_confirmed_at};
}

std::vector<ArchiveFacts> archives_here(const DatasetState& state) {
  std::vector<ArchiveFacts> facts;
  for (const ArchiveRecord& archive : state.archives) {
    if (!is_here(state, archive) || archive.format != ArchiveFormat::Holdfast) continue;
    if (!archive.conflict_of.empty()) continue;
    facts.push_back(archive_facts(archive));
  }
  return facts;
}

std::vector<RetentionDecision> retention_of(const DatasetState& state, const MachineFacts& machine,
                                            const TimeZone& zone, Time now) {
  return retention(archives_here(state), state.dataset.keep, archive_host(machine.host), zone, now,
                   held_back(state));
}

void add_run(RunSummary& runs, const RunRecord& ended) {
  runs.last = ended;
  switch (ended.outcome) {
    case RunOutcome::Unchanged:
    case RunOutcome::Verified:
      runs.last_good_start = ended.started_at;
      runs.unchanged_at.reset();
      if (ended.outcome == RunOutcome::Unchanged) runs.unchanged_at = ended.ended_at;
      runs.failures = 0;
      break;
    case RunOutcome::Failed:
    case RunOutcome::Interrupted:
    case RunOutcome::Running: ++runs.failures; break;
    // It waits for the schedule.
    case RunOutcome::Cancelled: runs.failures = 0; break;
  }
}

}  // namespace holdfast
