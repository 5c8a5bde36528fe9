#include "service/agent/archive_upkeep.h"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "common/path_text.h"

namespace holdfast {
namespace {

using Check = ArchiveFacts::Check;

bool is_own_backup(const ArchiveRecord& archive, const DatasetState& state,
                   const MachineFacts& machine) {
  return archive.format == ArchiveFormat::Holdfast && archive.kind == ArchiveName::Kind::Backup &&
         archive.host == archive_host(machine.host) &&
         archive.destination == path_text(state.destination);
}

const ArchiveRecord* named(const DatasetState& state, const std::string& file_name) {
  const auto found = std::ranges::find_if(state.archives, [&](const ArchiveRecord& archive) {
    return archive.file_name == file_name && archive.destination == path_text(state.destination);
  });
  return found == state.archives.end() ? nullptr : &*found;
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

// The newest that may prove good.
const ArchiveRecord* newest_unchecked(const DatasetState& state, const MachineFacts& machine) {
  for (const ArchiveRecord& archive : state.archives) {
    if (is_own_backup(archive, state, machine) && archive.check == Check::Unknown) return &archive;
  }
  return nullptr;
}

}  // namespace

void ArchiveUpkeep::begin(DatasetState& state) {
  if (stopping_ || is_busy(state.key) || !state.fault.empty()) return;
  ScanJob job{.destination = state.destination,
              .dataset = state.dataset.id,
              .database_name = path_text(state.database.filename()),
              .host = parts_.machine.host};
  for (const ArchiveRecord& archive : state.archives) {
    const bool is_to_be_opened = archive.check == Check::Unknown && !archive.fault.empty();
    if (archive.destination == path_text(state.destination) && !is_to_be_opened) {
      job.known[archive.file_name] = archive.bytes;
    }
  }
  start(state, [this, job = std::move(job)](const std::stop_token& stop) -> Then {
    return [this, outcome = parts_.work.scan(job, stop)](DatasetState& now_known) {
      take_scan(now_known, outcome);
    };
  });
}

void ArchiveUpkeep::take_scan(DatasetState& state, const ScanOutcome& outcome) {
  state.scanned_at = parts_.clock.now();
  if (outcome.failure) {
    if (outcome.failure->code() != ErrorCode::Cancelled) {
      spdlog::warn("{}: {}", state.key, outcome.failure->line());
    }
    return;
  }
  const Catalog::Reconciled changes = parts_.records.reconcile(state, outcome.found);
  for (const std::string& gone : changes.gone) {
    spdlog::warn("{}: {} was taken away from {}", state.key, gone, path_text(state.destination));
  }
  parts_.records.reload_archives(state);
  const auto unseen = made_unseen(state, parts_.machine, parts_.clock.now());
  for (const ArchiveRecord& archive : unseen) parts_.records.adopt(archive);
  if (!unseen.empty()) parts_.records.reload_archives(state);
  check_newest(state);
}

void ArchiveUpkeep::check_newest(DatasetState& state) {
  const ArchiveRecord* newest = newest_unchecked(state, parts_.machine);
  if (newest_verified(state) != nullptr || newest == nullptr) {
    apply_retention(state);
    return;
  }
  start(state,
        [this, file = state.destination / text_path(newest->file_name),
         name = newest->file_name](const std::stop_token& stop) -> Then {
          return [this, name, outcome = parts_.work.check(file, stop)](DatasetState& now_known) {
            take_check(now_known, name, outcome);
          };
        });
}

void ArchiveUpkeep::take_check(DatasetState& state, const std::string& file_name,
                               const CheckOutcome& outcome) {
  const ArchiveRecord* known = named(state, file_name);
  if (known == nullptr) return;
  if (outcome.failure) {
    if (outcome.failure->code() != ErrorCode::Cancelled) {
      spdlog::warn("{}: {}", state.key, outcome.failure->line());
    }
    return;
  }
  ArchiveRecord archive = *known;
  archive.check = outcome.good ? Check::Verified : Check::Broken;
  archive.checked_at = parts_.clock.now();
  archive.fault = outcome.fault;
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
  start(state, [this, folder = state.destination, expired](const std::stop_token&) -> Then {
    return [this, outcome = parts_.work.remove(folder, expired)](DatasetState& now_known) {
      take_deletions(now_known, outcome);
    };
  });
}

void ArchiveUpkeep::take_deletions(DatasetState& state, const DeleteOutcome& outcome) {
  for (const std::string& file_name : outcome.deleted) {
    const ArchiveRecord* archive = named(state, file_name);
    if (archive == nullptr) continue;
    spdlog::info("{}: {} has expired and was deleted", state.key, file_name);
    parts_.records.forget(*archive);
  }
  parts_.records.reload_archives(state);
  if (outcome.failure) spdlog::warn("{}: {}", state.key, outcome.failure->line());
  parts_.on_change();
}

void ArchiveUpkeep::start(const DatasetState& state, Job job) {
  if (stopping_) return;
  const std::string key = state.key;
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

void ArchiveUpkeep::stop() {
  stopping_ = true;
  for (auto& [key, stop] : under_way_) stop.request_stop();
}

}  // namespace holdfast
