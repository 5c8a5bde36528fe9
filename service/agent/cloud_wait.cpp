#include "service/agent/cloud_wait.h"

#include <algorithm>

#include "common/path_text.h"

namespace holdfast {
namespace {

// What counts as a backup for health.
bool is_counted(const DatasetState& state, const ArchiveRecord& archive) {
  return is_followed(state, archive) && archive.kind == ArchiveName::Kind::Backup &&
         archive.check == ArchiveFacts::Check::Verified;
}

bool is_kept_away(const ArchiveRecord& archive) {
  return archive.cloud_state == name(CloudState::Waiting) ||
         archive.cloud_state == name(CloudState::Error) ||
         archive.cloud_state == name(CloudState::Excluded);
}

}  // namespace

bool is_followed(const DatasetState& state, const ArchiveRecord& archive) {
  return archive.destination == path_text(state.destination) && archive.host == state.host &&
         archive.format == ArchiveFormat::Holdfast && archive.conflict_of.empty() &&
         archive.check != ArchiveFacts::Check::Broken;
}

bool ends_wait(const DatasetState& state, const ArchiveRecord& before, const UploadTrack& track) {
  const bool has_arrived = track.state == CloudState::Uploaded &&
                           before.cloud_state != name(CloudState::Uploaded) &&
                           is_counted(state, before);
  const auto& wait = state.record.not_in_cloud_since;
  // One that was kept away before all this says nothing of what was made since.
  return has_arrived && !(wait && before.cloud_since && *before.cloud_since < *wait);
}

std::optional<Time> wait_after_look(const DatasetState& state, const UploadTracks& seen,
                                    Arrival arrival, Time now) {
  std::optional<Time> oldest;
  bool was_seen = false;
  for (const ArchiveRecord& archive : state.archives) {
    if (!is_counted(state, archive)) continue;
    if (archive.cloud_state == name(CloudState::Uploaded)) break;
    if (!is_kept_away(archive)) continue;
    was_seen = was_seen || seen.contains(archive.file_name);
    const Time since = archive.cloud_since.value_or(now);
    oldest = std::min(oldest.value_or(since), since);
  }
  if (arrival == Arrival::OfOneThatWaited) return oldest;
  const auto& wait = state.record.not_in_cloud_since;
  if (wait && !is_future(*wait, now)) return wait;
  return was_seen ? oldest : std::nullopt;
}

bool is_wait_over(const DatasetState& state) {
  // Neither is known while its user, or OneDrive, is away.
  if (!state.obstacle().empty() || !state.lost_destination.empty()) return false;
  const ArchiveRecord* newest = newest_verified(state);
  if (!state.is_in_cloud || newest == nullptr || !is_followed(state, *newest)) return true;
  return newest->cloud_state == name(CloudState::Uploaded) ||
         newest->cloud_state == name(CloudState::NotApplicable);
}

}  // namespace holdfast
