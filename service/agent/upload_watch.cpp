#include "service/agent/upload_watch.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <spdlog/spdlog.h>

#include "service/agent/cloud_wait.h"
#include "service/agent/dataset_run.h"

namespace holdfast {
namespace {

UploadTrack recorded_track(const ArchiveRecord& archive, Time now) {
  UploadTrack track = begun_track(now);
  if (const auto state = cloud_state(archive.cloud_state)) {
    track.state = *state;
    track.since = archive.cloud_since.value_or(now);
    track.sentence = archive.cloud_sentence;
    track.confirmed_at = archive.cloud_confirmed_at;
  }
  if (track.state == CloudState::Uploaded) track.next_poll.reset();
  return track;
}

bool is_another(const ArchiveRecord& archive, const UploadTrack& track) {
  return archive.cloud_state != name(track.state) || archive.cloud_since != track.since ||
         archive.cloud_confirmed_at != track.confirmed_at ||
         archive.cloud_sentence != track.sentence;
}

void take_track(ArchiveRecord& archive, const UploadTrack& track) {
  archive.cloud_state = name(track.state);
  archive.cloud_since = track.since;
  archive.cloud_confirmed_at = track.confirmed_at;
  archive.cloud_sentence = track.sentence;
}

}  // namespace

UploadTracks upload_tracks(const DatasetState& state, Time now) {
  UploadTracks tracks;
  if (!state.is_in_cloud || !state.obstacle().empty()) return tracks;
  for (const ArchiveRecord& archive : state.archives) {
    if (!is_followed(state, archive)) continue;
    const auto known = state.uploads.find(archive.file_name);
    UploadTrack track = known == state.uploads.end() ? recorded_track(archive, now) : known->second;
    if (track.next_poll) tracks.emplace(archive.file_name, std::move(track));
  }
  return tracks;
}

void UploadWatch::look(DatasetState& state) {
  if (is_stopping_ || under_way_.contains(state.key)) return;
  const Time now = parts_.clock.now();
  if (is_wait_over(state)) keep_wait(state, std::nullopt);
  state.uploads = upload_tracks(state, now);
  const auto signals = signals_.find(state.owner);
  const bool has_news =
      signals != signals_.end() && looked_at_[state.key] != signals->second.seen_at;
  CloudJob job{.destination = state.destination, .archives = {}, .tray = {}};
  for (const ArchiveRecord& archive : state.archives) {
    const auto track = state.uploads.find(archive.file_name);
    if (track == state.uploads.end()) continue;
    if (!has_news && !is_poll_due(track->second, now)) continue;
    CloudJob::Archive& asked = job.archives.emplace_back();
    asked.file_name = archive.file_name;
    asked.track = track->second;
    asked.hash = archive.file_hash;
    if (archive.written_at != 0) {
      asked.written = {.bytes = archive.bytes, .changed_at = archive.written_at};
    }
  }
  if (job.archives.empty()) return;
  if (signals != signals_.end()) {
    job.tray = signals->second;
    looked_at_[state.key] = signals->second.seen_at;
  }
  begin(state, std::move(job));
}

void UploadWatch::begin(const DatasetState& state, CloudJob job) {
  under_way_[state.key] =
      parts_.workers.start([this, key = state.key, work = state.work,
                            job = std::move(job)](const std::stop_token& stop) -> Workers::Done {
        return [this, key, job, outcome = work->look_at_cloud(job, stop)] {
          under_way_.erase(key);
          DatasetState* const now_known = parts_.find(key);
          // What was found in one folder says nothing of another.
          if (now_known != nullptr && now_known->destination == job.destination) {
            put_off_unseen(*now_known, job, outcome);
            take(*now_known, outcome);
          }
          parts_.on_change();
        };
      });
}

// What could not be looked at is no reason to look again at once.
void UploadWatch::put_off_unseen(DatasetState& state, const CloudJob& job,
                                 const CloudOutcome& outcome) const {
  for (const CloudJob::Archive& asked : job.archives) {
    const auto track = state.uploads.find(asked.file_name);
    if (track == state.uploads.end() || outcome.tracks.contains(asked.file_name)) continue;
    track->second.next_poll = parts_.clock.now() + kLongestPollPause;
  }
}

void UploadWatch::take(DatasetState& state, const CloudOutcome& outcome) {
  if (outcome.failure) spdlog::warn("{}: {}", state.key, outcome.failure->line());
  Arrival arrival = Arrival::None;
  std::vector<ArchiveRecord> changed;
  std::vector<std::string> uploaded;
  for (ArchiveRecord& archive : state.archives) {
    const auto seen = outcome.tracks.find(archive.file_name);
    if (seen == outcome.tracks.end() || !is_followed(state, archive)) continue;
    const UploadTrack& track = state.uploads[archive.file_name] = seen->second;
    if (!is_another(archive, track)) continue;
    // Of archives that were only found nobody waits for the news.
    const bool is_news = track.state == CloudState::Uploaded &&
                         archive.cloud_state != name(CloudState::Uploaded) && archive.sequence;
    if (is_news) uploaded.push_back(archive.file_name);
    if (ends_wait(state, archive, track)) arrival = Arrival::OfOneThatWaited;
    take_track(archive, track);
    changed.push_back(archive);
  }
  parts_.records.update_cloud(changed);
  keep_wait(state, wait_after_look(state, outcome.tracks, arrival, parts_.clock.now()));
  for (const std::string& file_name : uploaded) {
    report(parts_.events, state, EventId::Uploaded, {file_name});
  }
}

void UploadWatch::keep_wait(DatasetState& state, std::optional<Time> since) const {
  if (state.record.not_in_cloud_since == since) return;
  state.record.not_in_cloud_since = since;
  parts_.records.save(state.record);
}

std::optional<Time> UploadWatch::next_look(const DatasetState& state) const {
  if (under_way_.contains(state.key)) return std::nullopt;
  std::optional<Time> next;
  for (const auto& [file_name, track] : upload_tracks(state, parts_.clock.now())) {
    if (!next || *track.next_poll < *next) next = track.next_poll;
  }
  return next;
}

void UploadWatch::take_signals(const std::string& user, const TraySignals& signals) {
  signals_.insert_or_assign(user, signals);
  parts_.on_change();
}

void UploadWatch::stop() {
  is_stopping_ = true;
  for (auto& [key, stop] : under_way_) stop.request_stop();
}

}  // namespace holdfast
