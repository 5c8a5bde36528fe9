#include "service/agent/conflict_copies.h"

#include <string>
#include <utility>

#include <spdlog/spdlog.h>

#include "common/path_text.h"
#include "service/agent/dataset_run.h"

namespace holdfast {
namespace {

bool can_be_read(const ArchiveRecord& archive, const DatasetState& state) {
  return archive.is_local && archive.destination == path_text(state.destination);
}

ArchiveRecord with_hash(ArchiveRecord archive, const std::string& hash) {
  archive.file_hash = hash;
  return archive;
}

}  // namespace

std::vector<ConflictCopy> copies_to_compare(const DatasetState& state) {
  std::vector<ConflictCopy> copies;
  for (const ArchiveRecord& copy : state.archives) {
    if (copy.conflict_of.empty() || !can_be_read(copy, state)) continue;
    const ArchiveRecord* original = archive_here(state, copy.conflict_of);
    if (original == nullptr || !original->conflict_of.empty() || !original->is_local) continue;
    const bool is_own = copy.host == state.host;
    const bool is_known = !copy.file_hash.empty() && !original->file_hash.empty();
    if (is_known && !(is_own && has_same_content(copy, *original))) continue;
    copies.push_back(
        {.copy = copy.file_name,
         .original = original->file_name,
         .if_same = is_own ? ConflictCopy::IfSame::IsSetAside : ConflictCopy::IfSame::Stays});
  }
  return copies;
}

void take_compared(DatasetState& state, const ComparedCopies& outcome, RecordKeeper& records,
                   EventLog& events) {
  for (const ComparedCopy& compared : outcome.compared) {
    const ArchiveRecord* copy = archive_here(state, compared.copy);
    const ArchiveRecord* original = archive_here(state, compared.original);
    if (copy == nullptr || original == nullptr) continue;
    if (compared.is_aside) {
      spdlog::info("{}: {}, a copy of {}, was moved into {}", state.key, compared.copy,
                   compared.original, kConflictsFolder);
      records.forget(*copy);
    } else {
      records.update(with_hash(*copy, compared.copy_hash));
    }
    // One that is known tells what was archived, and not what is there now.
    if (original->file_hash.empty()) records.update(with_hash(*original, compared.original_hash));
    // What could not be recorded is compared again, and would be told again.
    const bool is_news = copy->file_hash.empty() && records.fault().empty();
    if (!compared.is_same && is_news && copy->host == state.host) {
      report(events, state, EventId::ConflictCopy, {compared.copy, compared.original});
    }
  }
  records.reload_archives(state);
  if (outcome.failure && outcome.failure->code() != ErrorCode::Cancelled) {
    spdlog::warn("{}: {}", state.key, outcome.failure->line());
  }
}

}  // namespace holdfast
