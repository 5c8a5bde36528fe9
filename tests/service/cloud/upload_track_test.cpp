#include "service/cloud/upload_track.h"

#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::seconds;

const Time kBegin = time_from("2026-11-20T12:00:00Z");

const CloudSight kWaiting{.state = CloudState::Waiting, .sentence = "It waits."};
const CloudSight kPaused{.state = CloudState::Waiting, .sentence = "It is paused."};
const CloudSight kInSync{
    .state = CloudState::Waiting, .sentence = "It is checked.", .looks_uploaded = true};
const CloudSight kInSyncElsewhere{.state = CloudState::Waiting,
                                  .sentence = "It is checked.",
                                  .looks_uploaded = true,
                                  .is_local = false};
const CloudSight kUnknown{.state = CloudState::Unknown, .sentence = "Nobody knows."};
const CloudSight kError{.state = CloudState::Error, .sentence = "It was changed."};
const CloudSight kExcluded{.state = CloudState::Excluded, .sentence = "It is left out."};
const CloudSight kNotApplicable{.state = CloudState::NotApplicable};

// An archive that is followed by a caller who looks when it is due and checks the content when
// asked.
struct Follower {
  UploadTrack track = begun_track(kBegin);
  Time now = kBegin;
  ArchiveContent content = ArchiveContent::Same;
  int checks = 0;

  void look(const CloudSight& sight) {
    const bool wants = wants_content_check(track, sight, now);
    if (wants) ++checks;
    track = next_track(track, sight, wants ? content : ArchiveContent::NotChecked, now);
  }
  void look_when_due(const CloudSight& sight) {
    REQUIRE(track.next_poll);
    now = *track.next_poll;
    look(sight);
  }
  // How long until the next look; nothing when there is none.
  std::optional<seconds> pause() const {
    return track.next_poll ? std::optional(*track.next_poll - now) : std::nullopt;
  }
};

Follower uploaded() {
  Follower follower;
  follower.look_when_due(kInSync);
  follower.look_when_due(kInSync);
  REQUIRE(follower.track.state == CloudState::Uploaded);
  return follower;
}

TEST_CASE("An archive is uploaded when two looks in a row say so and its content is the same") {
  Follower follower;
  follower.look_when_due(kWaiting);
  CHECK(follower.track.state == CloudState::Waiting);
  CHECK(follower.track.since == kBegin);
  follower.look_when_due(kInSync);
  CHECK(follower.track.state == CloudState::Waiting);
  CHECK(follower.checks == 0);
  CHECK_FALSE(follower.track.confirmed_at);
  follower.look_when_due(kInSync);
  CHECK(follower.track.state == CloudState::Uploaded);
  CHECK(follower.track.sentence.empty());
  CHECK(follower.track.since == follower.now);
  CHECK(follower.track.confirmed_at == follower.now);
  CHECK(follower.checks == 1);
  CHECK_FALSE(follower.pause());
  CHECK_FALSE(is_poll_due(follower.track, follower.now + days(1000)));
}

TEST_CASE("Two looks that are not in a row do not make an archive uploaded") {
  for (const CloudSight& between : {kWaiting, kPaused, kUnknown, kError, kExcluded}) {
    CAPTURE(between.sentence);
    Follower follower;
    follower.look_when_due(kInSync);
    follower.look_when_due(between);
    CHECK(follower.track.state == between.state);
    CHECK(follower.track.sentence == between.sentence);
    follower.look_when_due(kInSync);
    CHECK(follower.track.state == CloudState::Waiting);
    CHECK(follower.checks == 0);
    follower.look_when_due(kInSync);
    CHECK(follower.track.state == CloudState::Uploaded);
  }
}

TEST_CASE("A second look in the same moment does not confirm an upload") {
  Follower follower;
  for (int i = 0; i < 10; ++i) follower.look(kInSync);
  CHECK(follower.track.in_sync_polls == 1);
  CHECK(follower.track.state == CloudState::Waiting);
  CHECK(follower.pause() == 5s);
  follower.look_when_due(kInSync);
  CHECK(follower.track.state == CloudState::Uploaded);
}

TEST_CASE("Without a look at its content no local archive is uploaded") {
  Follower follower{.content = ArchiveContent::NotChecked};
  for (int i = 0; i < 20; ++i) follower.look_when_due(kInSync);
  CHECK(follower.track.state == CloudState::Waiting);
  CHECK(follower.checks == 19);
  CHECK(follower.pause() == 10min);
  follower.content = ArchiveContent::Same;
  follower.look_when_due(kInSync);
  CHECK(follower.track.state == CloudState::Uploaded);
}

TEST_CASE("An archive that is in the cloud only is not fetched to look at its content") {
  Follower follower;
  follower.look_when_due(kInSyncElsewhere);
  follower.look_when_due(kInSyncElsewhere);
  CHECK(follower.checks == 0);
  CHECK(follower.track.state == CloudState::Uploaded);
}

TEST_CASE("Other content is an error that stays, and is looked for once") {
  Follower follower{.content = ArchiveContent::Different};
  follower.look_when_due(kInSync);
  follower.look_when_due(kInSync);
  CHECK(follower.track.state == CloudState::Error);
  CHECK(follower.track.sentence.starts_with("The archive no longer holds"));
  CHECK_FALSE(follower.track.confirmed_at);
  for (const CloudSight& sight :
       {kInSync, kWaiting, kInSync, kInSync, kInSyncElsewhere, kUnknown}) {
    follower.look_when_due(sight);
    CHECK(follower.track.state == CloudState::Error);
    CHECK(follower.pause() == 10min);
  }
  CHECK(follower.checks == 1);

  Follower confirmed = uploaded();
  confirmed.track =
      next_track(confirmed.track, kInSync, ArchiveContent::Different, confirmed.now + 1h);
  CHECK(confirmed.track.state == CloudState::Error);
  CHECK_FALSE(confirmed.track.confirmed_at);
}

TEST_CASE("Looks become rarer while nothing changes, and frequent again when something does") {
  Follower follower;
  std::vector<seconds> pauses;
  for (int i = 0; i < 10; ++i) {
    follower.look_when_due(kWaiting);
    pauses.push_back(follower.pause().value());
  }
  CHECK(pauses == std::vector<seconds>{5s, 10s, 20s, 40s, 80s, 160s, 320s, 600s, 600s, 600s});
  follower.look_when_due(kPaused);
  CHECK(follower.pause() == 5s);
  follower.look_when_due(kPaused);
  CHECK(follower.pause() == 10s);
  follower.look_when_due(kInSync);
  CHECK(follower.pause() == 5s);
}

TEST_CASE("A look before it is due neither puts the next one off nor hastens it") {
  Follower follower;
  for (int i = 0; i < 5; ++i) follower.look_when_due(kWaiting);
  const std::optional<Time> due = follower.track.next_poll;
  follower.now += 1s;
  follower.look(kWaiting);
  CHECK(follower.track.next_poll == due);
  CHECK(follower.track.polls == 4);
  follower.look(kPaused);
  CHECK(follower.pause() == 5s);
}

TEST_CASE("What goes wrong is looked at every ten minutes, what is settled no more") {
  for (const CloudSight& sight : {kUnknown, kError, kExcluded}) {
    CAPTURE(sight.sentence);
    Follower follower;
    follower.look_when_due(sight);
    const Time since = follower.now;
    for (int i = 0; i < 3; ++i) {
      CHECK(follower.pause() == 10min);
      CHECK(follower.track.state == sight.state);
      CHECK(follower.track.since == since);
      CHECK(follower.track.sentence == sight.sentence);
      follower.look_when_due(sight);
    }
    follower.look_when_due(kWaiting);
    CHECK(follower.pause() == 5s);
    CHECK(follower.track.since == follower.now);
  }
  Follower follower;
  follower.look_when_due(kNotApplicable);
  CHECK(follower.track.state == CloudState::NotApplicable);
  CHECK_FALSE(follower.pause());
  follower.look(kNotApplicable);
  CHECK_FALSE(follower.pause());
  follower.look(kWaiting);
  CHECK(follower.pause() == 5s);
}

TEST_CASE("What is uploaded stays so until a look shows otherwise") {
  for (const CloudSight& sight : {kInSync, kInSyncElsewhere, kUnknown}) {
    CAPTURE(sight.sentence);
    Follower follower = uploaded();
    const UploadTrack before = follower.track;
    follower.now += days(1);
    follower.look(sight);
    CHECK(follower.track.state == CloudState::Uploaded);
    CHECK(follower.track.confirmed_at == before.confirmed_at);
    CHECK(follower.track.since == before.since);
    CHECK_FALSE(follower.pause());
    CHECK(follower.checks == 1);
  }
  for (const CloudSight& sight : {kWaiting, kError, kExcluded, kNotApplicable}) {
    CAPTURE(sight.sentence);
    Follower follower = uploaded();
    follower.now += days(1);
    follower.look(sight);
    CHECK(follower.track.state == sight.state);
    CHECK(follower.track.since == follower.now);
    CHECK_FALSE(follower.track.confirmed_at);
  }
  Follower again = uploaded();
  again.look(kWaiting);
  again.look_when_due(kInSync);
  CHECK(again.track.state == CloudState::Waiting);
  again.look_when_due(kInSync);
  CHECK(again.track.state == CloudState::Uploaded);
  CHECK(again.checks == 2);
}

TEST_CASE("A clock that jumps neither stops the looks nor confirms anything") {
  Follower follower;
  for (int i = 0; i < 9; ++i) follower.look_when_due(kWaiting);
  // Put back: the next look would be a year away.
  follower.now = kBegin - days(365);
  CHECK(is_poll_due(follower.track, follower.now));
  follower.look(kWaiting);
  CHECK(follower.track.since == follower.now);
  CHECK(follower.pause() <= std::optional<seconds>(10min));
  // By little: it waits no longer than the longest pause, twice.
  follower.now -= 9min;
  const Time due = follower.track.next_poll.value();
  CHECK((is_poll_due(follower.track, follower.now) || due - follower.now <= 10min));
  // Put forward: one look, as after a long sleep.
  follower.now += days(1000);
  CHECK(is_poll_due(follower.track, follower.now));
  follower.look(kInSync);
  CHECK(follower.track.in_sync_polls == 1);
  CHECK(follower.track.state == CloudState::Waiting);
  CHECK(follower.pause() == 5s);
  CHECK_FALSE(is_poll_due(follower.track, follower.now));
}

}  // namespace
}  // namespace holdfast
