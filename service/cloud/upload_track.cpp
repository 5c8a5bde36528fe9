#include "service/cloud/upload_track.h"

#include <algorithm>

namespace holdfast {
namespace {

constexpr int kLooksThatConfirm = 2;

// By how many looks in a row it looks uploaded, with this one. A second one in the same moment says
// no more than the first.
int in_sync_polls(const UploadTrack& track, const CloudSight& sight, Time now) {
  if (!sight.looks_uploaded) return 0;
  const bool counts = track.in_sync_polls == 0 || is_poll_due(track, now);
  return track.in_sync_polls + (counts ? 1 : 0);
}

ArchiveContent content_known(const UploadTrack& track, const CloudSight& sight,
                             ArchiveContent content) {
  if (track.content == ArchiveContent::Different || content == ArchiveContent::Different) {
    return ArchiveContent::Different;
  }
  if (!sight.looks_uploaded) return ArchiveContent::NotChecked;
  return content == ArchiveContent::Same ? content : track.content;
}

CloudState state_after(const UploadTrack& next, const CloudSight& sight) {
  if (next.content == ArchiveContent::Different) return CloudState::Error;
  const bool is_confirmed = next.in_sync_polls >= kLooksThatConfirm &&
                            (next.content == ArchiveContent::Same || !sight.is_local);
  return is_confirmed ? CloudState::Uploaded : sight.state;
}

std::string sentence_after(const UploadTrack& next, const CloudSight& sight) {
  if (next.state == CloudState::Uploaded) return "";
  if (next.content != ArchiveContent::Different) return sight.sentence;
  return "The archive no longer holds what was backed up. Make a new backup, and have the disk "
         "checked.";
}

std::optional<Time> poll_after(const UploadTrack& next, Time now) {
  switch (next.state) {
    case CloudState::NotApplicable:
    case CloudState::Uploaded: return std::nullopt;
    case CloudState::Error:
    case CloudState::Excluded:
    case CloudState::Unknown: return now + kLongestPollPause;
    case CloudState::Waiting: break;
  }
  std::chrono::seconds pause = kShortestPollPause;
  for (int poll = 0; poll < next.polls && pause < kLongestPollPause; ++poll) pause *= 2;
  return now + std::min<std::chrono::seconds>(pause, kLongestPollPause);
}

bool is_new(const UploadTrack& previous, const UploadTrack& next) {
  return next.state != previous.state || next.sentence != previous.sentence ||
         (next.in_sync_polls > 0) != (previous.in_sync_polls > 0);
}

}  // namespace

UploadTrack begun_track(Time now) {
  return {.since = now, .next_poll = now + kShortestPollPause};
}

bool is_poll_due(const UploadTrack& track, Time now) {
  return track.next_poll && (now >= *track.next_poll || *track.next_poll - now > kLongestPollPause);
}

bool wants_content_check(const UploadTrack& track, const CloudSight& sight, Time now) {
  return sight.looks_uploaded && sight.is_local && track.state != CloudState::Uploaded &&
         track.content == ArchiveContent::NotChecked &&
         in_sync_polls(track, sight, now) >= kLooksThatConfirm;
}

UploadTrack next_track(const UploadTrack& previous, const CloudSight& sight, ArchiveContent content,
                       Time now) {
  const bool was_uploaded = previous.state == CloudState::Uploaded;
  const bool stays_uploaded = was_uploaded && content != ArchiveContent::Different &&
                              (sight.looks_uploaded || sight.state == CloudState::Unknown);
  if (stays_uploaded) return previous;

  UploadTrack next = previous;
  next.in_sync_polls = in_sync_polls(previous, sight, now);
  next.content = content_known(previous, sight, content);
  next.state = state_after(next, sight);
  next.sentence = sentence_after(next, sight);
  if (next.state != previous.state || is_future(previous.since, now)) next.since = now;
  if (next.state != previous.state) {
    next.confirmed_at = next.state == CloudState::Uploaded ? std::optional(now) : std::nullopt;
  }
  if (is_new(previous, next)) {
    next.polls = 0;
  } else if (!previous.next_poll || is_poll_due(previous, now)) {
    next.polls = previous.polls + 1;
  } else {
    return next;
  }
  next.next_poll = poll_after(next, now);
  return next;
}

}  // namespace holdfast
