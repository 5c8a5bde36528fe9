#include "service/agent/archive_upkeep.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "common/path_text.h"
#include "common/text.h"
#include "service/agent/conflict_copies.h"
#include "service/retention/manual_deletion.h"

namespace holdfast {
namespace {

using Check = ArchiveFacts::Check;

// Of a dataset, that wait.
constexpr std::size_t kMostAsked = 16;

bool is_own_backup(const ArchiveRecord& archive, const DatasetState& state,
                   const MachineFacts& machine) {
  return archive.format == ArchiveFormat::Holdfast && archive.kind == ArchiveName::Kind::Backup &&
         archive.host == archive_host(machine.host) && archive.conflict_of.empty() &&
         archive.destination == path_text(state.destination);
}

// What it tells of itself may not have been read: it was in the cloud only, or could not be opened.
bool is_to_be_opened(const ArchiveRecord& archive) {
  if (archive.check != Check::Unknown) return false;
  return !archive.fault.empty() || (archive.schema_hash.empty() && archive.counts.empty());
}

// Of this computer, found in the destination, and dated later than all that were seen being made.
std::vector<ArchiveRecord> made_unseen(const DatasetState& state, const MachineFacts& machine,
                                       Time now) {
  std::optional<Time> last_seen;
  std::vector<ArchiveRecord> unseen;
  for (const ArchiveRecord& archive : state.archives) {
    if (!is_own_backup(archive, state, machine)) continue;
    if (archive.sequence) {
      last_seen = std::max(last_seen.value_or(archive.taken_at), archive.taken_at);
    } else if (!is_future(archive.taken_at, now)) {
      unseen.push_back(archive);
    }
  }
  // Without any that was seen, dates are all there is, and retention goes by them.
  if (!last_seen) return {};
  std::erase_if(unseen,
                [&](const ArchiveRecord& archive) { return archive.taken_at <= *last_seen; });
  std::ranges::sort(unseen, {}, &ArchiveRecord::taken_at);
  return unseen;
}

ArchiveRecord checked(ArchiveRecord archive, const CheckOutcome& outcome, Time now) {
  archive.check = outcome.good ? Check::Verified : Check::Broken;
  archive.checked_at = now;
  archive.fault = outcome.fault;
  return archive;
}

Error unknown_archive(const DatasetState& state, const std::string& file_name) {
  return {ErrorCode::NotFound,
          fmt::format("There is no archive \"{}\" of {} in {}.", one_line(file_name, 100),
                      state.key, path_text(state.destination)),
          "See which there are: holdfast archives."};
}

// Which archives are on this disk, of those in the present destination.
void take_places(DatasetState& state, const std::vector<ArchiveRecord>& found) {
  std::map<std::string_view, bool> is_local;
  for (const ArchiveRecord& archive : found) is_local[archive.file_name] = archive.is_local;
  for (ArchiveRecord& archive : state.archives) {
    if (archive.destination != path_text(state.destination)) continue;
    const auto known = is_local.find(archive.file_name);
    if (known != is_local.end()) archive.is_local = known->second;
  }
}

// Why it must not be deleted, or nothing.
std::optional<Error> deletion_refusal(const DatasetState& state, const MachineFacts& machine,
                                      const ArchiveRecord& archive) {
  std::string reason;
  if (archive.format != ArchiveFormat::Holdfast) {
    reason = "of an older system: delete it by hand";
  } else if (!archive.conflict_of.empty()) {
    reason = "a copy that OneDrive made: delete it by hand";
  } else {
    reason = manual_deletion_refusal(archive_facts(archive), archives_here(state),
                                     archive_host(machine.host), held_back(state));
  }
  if (reason.empty()) return std::nullopt;
  return Error(ErrorCode::ArchiveNeeded,
               fmt::format("{} was not deleted, because it is {}.", archive.file_name, reason), "");
}

// The newest that may prove good.
const ArchiveRecord* newest_unchecked(const DatasetState& state, const MachineFacts& machine) {
  for (const ArchiveRecord& archive : state.archives) {
    const bool can_prove_good = archive.check == Check::Unknown && archive.is_local;
    if (can_prove_good && is_own_backup(archive, state, machine)) return &archive;
  }
  return nullptr;
}

}  // namespace

void ArchiveUpkeep::begin(DatasetState& state) {
  if (is_busy(state.key) || !state.obstacle().empty() || state.destination.empty()) return;
  scan(state, [this](DatasetState& now_known, const ScanOutcome& outcome) {
    if (take_found(now_known, outcome)) deliver(now_known);
  });
}

void ArchiveUpkeep::scan(const DatasetState& state,
                         std::function<void(DatasetState&, const ScanOutcome&)> then) {
  ScanJob job{.destination = state.destination,
              .dataset = state.dataset.id,
              .database_name = path_text(state.database.filename()),
              .host = parts_.machine.host};
  for (const ArchiveRecord& archive : state.archives) {
    const bool is_here = archive.destination == path_text(state.destination);
    if (is_here && !is_to_be_opened(archive)) job.known[archive.file_name] = archive.bytes;
    // The newest of a name stands.
    if (!is_here && archive.format == ArchiveFormat::Holdfast) {
      job.elsewhere.emplace(archive.file_name, text_path(archive.destination));
    }
  }
  start(state,
        [job = std::move(job), then = std::move(then),
         work = state.work](const std::stop_token& stop) -> Then {
          return [then, outcome = work->scan(job, stop)](DatasetState& now_known) {
            then(now_known, outcome);
          };
        });
}

// Whether what is known of the archives is now what the folder holds.
bool ArchiveUpkeep::take_found(DatasetState& state, const ScanOutcome& outcome) {
  state.scanned_at = parts_.clock.now();
  if (outcome.failure) {
    if (outcome.failure->code() != ErrorCode::Cancelled) {
      spdlog::warn("{}: {}", state.key, outcome.failure->line());
    }
    return false;
  }
  // An OneDrive that is lost may be back with all that is in it.
  if (outcome.found.empty() && !state.lost_destination.empty()) return false;
  take_along(state, outcome.moved);
  const Catalog::Reconciled changes = parts_.records.reconcile(state, outcome.found);
  for (const std::string& gone : changes.gone) {
    spdlog::warn("{}: {} was taken away from {}", state.key, gone, path_text(state.destination));
  }
  parts_.records.reload_archives(state);
  const auto unseen = made_unseen(state, parts_.machine, parts_.clock.now());
  parts_.records.adopt(unseen);
  if (!unseen.empty()) parts_.records.reload_archives(state);
  take_places(state, outcome.found);
  return true;
}

// What is known of archives goes where they went, as with a OneDrive that was moved.
void ArchiveUpkeep::take_along(const DatasetState& state, const std::vector<std::string>& moved) {
  for (const std::string& file_name : moved) {
    const auto former = std::ranges::find_if(state.archives, [&](const ArchiveRecord& archive) {
      return archive.file_name == file_name && archive.destination != path_text(state.destination);
    });
    if (former == state.archives.end()) continue;
    spdlog::info("{}: {} was moved from {} to {}", state.key, file_name, former->destination,
                 path_text(state.destination));
    parts_.records.move(*former, state.destination);
  }
}

// What waits on this computer, now that the destination can be reached.
void ArchiveUpkeep::deliver(DatasetState& state) {
  if (!state.has_outbox || !state.lost_destination.empty()) return compare_copies(state);
  start(state,
        [this, work = state.work, outbox = state.outbox,
         folder = state.destination](const std::stop_token& stop) -> Then {
          return [this, delivery = work->deliver(outbox, folder, stop)](DatasetState& now_known) {
            take_delivery(now_known, delivery);
          };
        });
}

void ArchiveUpkeep::take_delivery(DatasetState& state, const Delivery& delivery) {
  if (delivery.failure) spdlog::warn("{}: {}", state.key, delivery.failure->line());
  state.has_outbox = delivery.failure.has_value();
  if (delivery.delivered.empty()) return compare_copies(state);
  state.outbox_mark.clear();
  scan(state,
       [this, delivered = delivery.delivered](DatasetState& now_known, const ScanOutcome& outcome) {
         if (!take_found(now_known, outcome)) return;
         // Each was read back whole when it was delivered.
         for (const std::string& file_name : delivered) {
           spdlog::info("{}: {} was delivered", now_known.key, file_name);
           const ArchiveRecord* found = archive_here(now_known, file_name);
           if (found == nullptr) continue;
           ArchiveRecord archive = *found;
           archive.check = Check::Verified;
           archive.checked_at = parts_.clock.now();
           parts_.records.update(archive);
         }
         parts_.records.reload_archives(now_known);
         parts_.on_change();
         compare_copies(now_known);
       });
}

void ArchiveUpkeep::compare_copies(DatasetState& state) {
  std::vector<ConflictCopy> copies = copies_to_compare(state);
  if (copies.empty()) return check_newest(state);
  start(state,
        [this, work = state.work, folder = state.destination,
         copies = std::move(copies)](const std::stop_token& stop) -> Then {
          return [this, outcome = work->set_aside(folder, copies, stop)](DatasetState& now_known) {
            take_compared(now_known, outcome, parts_.records, parts_.events);
            parts_.on_change();
            check_newest(now_known);
          };
        });
}

void ArchiveUpkeep::check_newest(DatasetState& state) {
  const ArchiveRecord* newest = newest_unchecked(state, parts_.machine);
  if (newest_verified(state) != nullptr || newest == nullptr) {
    apply_retention(state);
    return;
  }
  start(state,
        [this, work = state.work, file = state.destination / text_path(newest->file_name),
         name = newest->file_name](const std::stop_token& stop) -> Then {
          return [this, name, outcome = work->check(file, stop)](DatasetState& now_known) {
            take_check(now_known, name, outcome);
          };
        });
}

void ArchiveUpkeep::take_check(DatasetState& state, const std::string& file_name,
                               const CheckOutcome& outcome) {
  const ArchiveRecord* known = archive_here(state, file_name);
  if (known == nullptr) return;
  if (outcome.failure) {
    if (outcome.failure->code() != ErrorCode::Cancelled) {
      spdlog::warn("{}: {}", state.key, outcome.failure->line());
    }
    return;
  }
  const ArchiveRecord archive = checked(*known, outcome, parts_.clock.now());
  if (!outcome.good) spdlog::error("{}: {}", state.key, outcome.fault);
  parts_.records.update(archive);
  if (!parts_.records.fault().empty()) return;
  parts_.records.reload_archives(state);
  parts_.on_change();
  check_newest(state);
}

void ArchiveUpkeep::apply_retention(DatasetState& state) {
  // What was not recorded would be taken for older than it is.
  if (!parts_.records.fault().empty()) return;
  std::vector<std::string> expired;
  for (const RetentionDecision& decision :
       retention_of(state, parts_.machine, parts_.zone, parts_.clock.now())) {
    if (decision.verdict == RetentionDecision::Verdict::Delete) expired.push_back(decision.id);
  }
  if (expired.empty()) return;
  start(state,
        [this, work = state.work, folder = state.destination,
         expired](const std::stop_token&) -> Then {
          return [this, outcome = work->remove(folder, expired)](DatasetState& now_known) {
            take_deletions(now_known, outcome);
          };
        });
}

void ArchiveUpkeep::take_deletions(DatasetState& state, const DeleteOutcome& outcome) {
  for (const std::string& file_name : outcome.deleted) {
    const ArchiveRecord* archive = archive_here(state, file_name);
    if (archive == nullptr) continue;
    spdlog::info("{}: {} was deleted", state.key, file_name);
    parts_.records.forget(*archive);
  }
  parts_.records.reload_archives(state);
  if (outcome.failure) spdlog::warn("{}: {}", state.key, outcome.failure->line());
  parts_.on_change();
}

// What a job found is taken in wherever its user is by now; a next one needs that user.
void ArchiveUpkeep::start(const DatasetState& state, Job job) {
  if (stopping_ || !state.obstacle().empty()) return;
  const std::string& key = state.key;
  under_way_[key] =
      parts_.workers.start([this, key, destination = state.destination,
                            job = std::move(job)](const std::stop_token& stop) -> Workers::Done {
        return [this, key, destination, then = job(stop)] {
          under_way_.erase(key);
          DatasetState* const now_known = parts_.find(key);
          // What was found in one folder says nothing of another.
          if (now_known != nullptr && now_known->destination == destination) then(*now_known);
          if (!is_busy(key)) parts_.on_idle();
        };
      });
}

void ArchiveUpkeep::ask(const DatasetState& state, const std::string& file_name, Asked what) {
  if (!state.obstacle().empty()) throw Error(ErrorCode::NotFound, state.obstacle(), "");
  if (archive_here(state, file_name) == nullptr) throw unknown_archive(state, file_name);
  auto& waiting = asked_[state.key];
  if (waiting.size() >= kMostAsked) {
    throw Error(ErrorCode::TooManyRequests,
                fmt::format("Too much is asked for of the archives of {} already.", state.key),
                "Try again in a moment.");
  }
  waiting.push_back(std::move(what));
  parts_.on_change();
}

void ArchiveUpkeep::go_on(DatasetState& state) {
  const auto waiting = asked_.find(state.key);
  if (stopping_ || is_busy(state.key) || waiting == asked_.end()) return;
  if (!state.obstacle().empty()) return give_up(state.key);
  const Asked next = std::move(waiting->second.front());
  waiting->second.pop_front();
  if (waiting->second.empty()) asked_.erase(waiting);
  next(state);
}

void ArchiveUpkeep::verify(const DatasetState& state, const std::string& file_name, Told told) {
  ask(state, file_name, [this, file_name, told = std::move(told)](DatasetState& now_known) {
    start(
        now_known,
        [this, work = now_known.work, file_name, told,
         file = now_known.destination / text_path(file_name)](const std::stop_token& stop) -> Then {
          return
              [this, file_name, told, outcome = work->check(file, stop)](DatasetState& then_known) {
                take_check(then_known, file_name, outcome);
                const ArchiveRecord* archive = archive_here(then_known, file_name);
                if (archive == nullptr) return told({}, unknown_archive(then_known, file_name));
                // What was found holds also when it could not be recorded.
                told(outcome.failure ? *archive : checked(*archive, outcome, parts_.clock.now()),
                     outcome.failure);
              };
        });
  });
}

void ArchiveUpkeep::remove(const DatasetState& state, const std::string& file_name, Told told) {
  ask(state, file_name, [this, file_name, told = std::move(told)](DatasetState& now_known) {
    // What the deletion is decided on must be there now.
    scan(now_known, [this, file_name, told](DatasetState& then_known, const ScanOutcome& outcome) {
      if (!take_found(then_known, outcome)) {
        return told({}, outcome.failure.value_or(unknown_archive(then_known, file_name)));
      }
      // What was found could not be taken in: the catalog alone says nothing of what is there.
      if (const std::string& fault = parts_.records.fault(); !fault.empty()) {
        return told({}, Error(ErrorCode::SystemCallFailed,
                              fmt::format("{} was not deleted. {}", file_name, fault), ""));
      }
      remove_if_not_needed(then_known, file_name, told);
    });
  });
}

void ArchiveUpkeep::remove_if_not_needed(DatasetState& state, const std::string& file_name,
                                         const Told& told) {
  if (const std::string& obstacle = state.obstacle(); !obstacle.empty()) {
    return told({}, Error(ErrorCode::NotFound,
                          fmt::format("{} was not deleted. {}", file_name, obstacle), ""));
  }
  const ArchiveRecord* archive = archive_here(state, file_name);
  if (archive == nullptr) return told({}, unknown_archive(state, file_name));
  if (const auto refusal = deletion_refusal(state, parts_.machine, *archive)) {
    return told(*archive, refusal);
  }
  start(state,
        [this, work = state.work, archive = *archive, told,
         folder = state.destination](const std::stop_token&) -> Then {
          return [this, archive, told,
                  outcome = work->remove(folder, {archive.file_name})](DatasetState& now_known) {
            take_deletions(now_known, outcome);
            told(archive, outcome.failure);
          };
        });
}

void ArchiveUpkeep::stop() {
  stopping_ = true;
  asked_.clear();
  for (auto& [key, stop] : under_way_) stop.request_stop();
}

}  // namespace holdfast
