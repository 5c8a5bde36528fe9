#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "common/clock.h"
#include "service/cloud/cloud_state.h"

namespace holdfast {

// What reading the whole archive showed, which may be done as long as it is local.
enum class ArchiveContent { NotChecked, Same, Different };

// How an archive's way into the cloud is followed, one look after the other. Pure.
struct UploadTrack {
  CloudState state = CloudState::Waiting;
  Time since;                        // when that state began
  std::optional<Time> confirmed_at;  // when it was found to be Uploaded, as long as it is
  int polls = 0;                     // in a row that showed nothing new
  int in_sync_polls = 0;             // in a row by which it looked uploaded
  ArchiveContent content = ArchiveContent::NotChecked;
  std::optional<Time> next_poll;  // nothing when there is no more to find out
  std::string sentence;           // CloudSight's; empty once it is Uploaded
};

constexpr std::chrono::seconds kShortestPollPause{5};
constexpr std::chrono::minutes kLongestPollPause{10};

// Of an archive that was just published, or is found when nothing is recorded of its way.
UploadTrack begun_track(Time now);

// Whether to look again. Also true when the clock was put back by more than the longest pause.
bool is_poll_due(const UploadTrack& track, Time now);

// Whether next_track() needs to be told of the content to say Uploaded. Asked once for each
// archive, and again only when it could not be read.
bool wants_content_check(const UploadTrack& track, const CloudSight& sight, Time now);

// The track after a look.
//
// - Uploaded takes two looks in a row by which it looks uploaded, of which the second was due, and
//   the same content; of an archive that is in the cloud only nobody asks for that, for it would
//   have to be fetched. What is Uploaded stays so until a look shows otherwise; one that shows
//   nothing (Unknown) does not.
// - Other content is an Error that stays: the archive is not the one that was made.
// - Looks come 5 s after one that shows something new, then at pauses that double, up to 10 min;
//   always after 10 min for what is an Error, Excluded or Unknown; no more once it is Uploaded or
//   NotApplicable.
// - A look before it is due, when the tray reported something, say, is welcome, but only counts
//   when it shows something new.
UploadTrack next_track(const UploadTrack& previous, const CloudSight& sight, ArchiveContent content,
                       Time now);

}  // namespace holdfast
