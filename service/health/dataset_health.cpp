#include "service/health/dataset_health.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "common/relative_time.h"

namespace holdfast {
namespace {

using Cloud = DatasetFacts::Cloud;
using CurrentRun = DatasetFacts::CurrentRun;
using LastRun = DatasetFacts::LastRun;

// The facts, seen from `now`.
struct View {
  const DatasetFacts& facts;
  Time now;
  // Dates in the future prove nothing and are left out here.
  std::optional<Time> archived_at;
  std::optional<Time> unchanged_at;
  std::optional<Time> good_at;  // when the data was last surely as in the newest archive

  bool is_fresh() const {
    return good_at && (!facts.waits.empty() || now - *good_at <= facts.stale_after);
  }
  bool last_run_was(LastRun::Outcome outcome) const {
    return facts.last_run && facts.last_run->outcome == outcome;
  }
};

std::optional<Time> believed(std::optional<Time> time, Time now) {
  return time && is_future(*time, now) ? std::nullopt : time;
}

View view_of(const DatasetFacts& facts, Time now) {
  View view{.facts = facts, .now = now};
  view.archived_at = believed(facts.archived_at, now);
  if (facts.archived_at) view.unchanged_at = believed(facts.unchanged_at, now);
  // After a run from the future the clock was put back: even what seems past may be older.
  if (!facts.last_run || !is_future(facts.last_run->ended_at, now)) {
    view.good_at = std::max(view.archived_at, view.unchanged_at);
  }
  return view;
}

bool is_waiting_too_long(const DatasetFacts& facts, Time now) {
  return facts.waiting_since && now - *facts.waiting_since > facts.waiting_limit;
}

Health health_at_rest(const View& view) {
  const DatasetFacts& facts = view.facts;
  if (!facts.damage.empty() || !facts.drops.empty()) return Health::Damaged;
  if (view.last_run_was(LastRun::Outcome::Failed) && !view.is_fresh()) return Health::Failed;
  if (!facts.archived_at) return Health::None;
  if (!view.is_fresh()) return Health::Stale;
  return is_kept_from_cloud(facts, view.now) ? Health::Waiting : Health::Protected;
}

bool hides_attention(const CurrentRun& run, Time now) {
  return run.kind == CurrentRun::Kind::Backup && !is_future(run.started_at, now) &&
         now - run.started_at <= kRunHidesAttentionFor;
}

Health health_with_run(const View& view, Health at_rest) {
  if (!view.facts.current_run) return at_rest;
  switch (alert(at_rest)) {
    case Alert::Fine: return Health::Working;
    case Alert::Attention:
      return hides_attention(*view.facts.current_run, view.now) ? Health::Working : at_rest;
    case Alert::AtRisk: break;
  }
  return at_rest;
}

// Without the full stop that others' sentences may have.
std::string_view bare(std::string_view sentence) {
  while (sentence.ends_with('.') || sentence.ends_with(' ')) sentence.remove_suffix(1);
  return sentence;
}

std::string damage_text(const DatasetFacts& facts) {
  if (!facts.damage.empty()) {
    return fmt::format("The database is damaged: {}.", bare(facts.damage));
  }
  const CountDrop& worst = facts.drops.front();
  const std::string others =
      facts.drops.size() == 1 ? "" : fmt::format(", and {} more fell", facts.drops.size() - 1);
  return worst.now ? fmt::format("Data may be lost: the number of {} fell from {} to {}{}.",
                                 worst.name, worst.before, *worst.now, others)
                   : fmt::format("Data may be lost: {} were {} and can no longer be counted{}.",
                                 worst.name, worst.before, others);
}

std::string last_good_text(const View& view) {
  if (!view.facts.archived_at) return " There is no good backup.";
  if (!view.archived_at) return " There is a good backup.";
  return fmt::format(" The last good backup was made {}.", ago_text(*view.archived_at, view.now));
}

std::string failure_text(const View& view) {
  const std::string_view failure = bare(view.facts.last_run->failure);
  if (view.good_at) {
    return fmt::format("Not backed up for {}: {}.", duration_text(view.now - *view.good_at),
                       failure);
  }
  if (!view.facts.archived_at) return fmt::format("Never backed up: {}.", failure);
  return fmt::format(
      "The last backup failed: {}. The computer's clock stands before an earlier one; check the "
      "date.",
      failure);
}

std::string none_text(const View& view) {
  const Time known_since = view.facts.known_since;
  std::string text =
      view.now - known_since < std::chrono::minutes(1)
          ? "Not backed up yet."
          : fmt::format("Not backed up since it was added {}.", ago_text(known_since, view.now));
  if (!view.facts.lost_destination.empty()) text += " " + view.facts.lost_destination;
  return text;
}

std::string stale_text(const View& view) {
  if (!view.good_at) return "The computer's clock stands before the last backup; check the date.";
  const std::string good = ago_text(*view.good_at, view.now);
  if (view.good_at == view.archived_at) return fmt::format("Last backed up {}.", good);
  return fmt::format("Last checked {}; nothing had changed since the backup before.", good);
}

std::string cloud_text(const DatasetFacts& facts, Time now) {
  const auto since = [now](const char* words, std::optional<Time> time) {
    return time && !is_future(*time, now)
               ? fmt::format("{} for {}", words, duration_text(now - *time))
               : std::string(words);
  };
  switch (facts.cloud) {
    case Cloud::Waiting: return since("; waiting to reach the cloud", facts.waiting_since);
    case Cloud::Error: return "; it could not be sent to the cloud";
    case Cloud::Excluded: return "; the cloud program is set to leave it out";
    case Cloud::Uploaded: return since("; in the cloud", facts.uploaded_at);
    case Cloud::Unknown:
      if (!is_waiting_too_long(facts, now)) return "; whether it is in the cloud is unknown";
      return since("; unknown whether it is in the cloud, and nothing was seen to get there",
                   facts.waiting_since);
    case Cloud::NotApplicable: break;
  }
  return "";
}

std::string fresh_text(const View& view) {
  std::string text = view.archived_at
                         ? fmt::format("Backed up {}", ago_text(*view.archived_at, view.now))
                         : "Backed up";
  if (view.good_at != view.archived_at) {
    text += fmt::format(", unchanged when checked {}", ago_text(*view.good_at, view.now));
  }
  text += cloud_text(view.facts, view.now) + ".";
  const std::string& reason =
      view.facts.lost_destination.empty() ? view.facts.cloud_reason : view.facts.lost_destination;
  return reason.empty() ? text : text + " " + reason;
}

// A failure that is not the headline, since there is a backup that is fresh enough.
std::string last_try_text(const View& view) {
  if (!view.facts.last_run || is_future(view.facts.last_run->ended_at, view.now)) return "";
  if (view.last_run_was(LastRun::Outcome::Failed)) {
    return fmt::format(" The last try failed {}: {}.",
                       ago_text(view.facts.last_run->ended_at, view.now),
                       bare(view.facts.last_run->failure));
  }
  if (view.last_run_was(LastRun::Outcome::Cancelled)) {
    return fmt::format(" The last try was cancelled {}.",
                       ago_text(view.facts.last_run->ended_at, view.now));
  }
  return "";
}

std::string run_text(const CurrentRun& run) {
  const auto words = [&run] {
    switch (run.kind) {
      case CurrentRun::Kind::Restore: return "Restoring now";
      case CurrentRun::Kind::Drill: return "Testing a restore now";
      case CurrentRun::Kind::Backup: break;
    }
    return "Backing up now";
  };
  return run.percent ? fmt::format("{}, {}%.", words(), *run.percent) : fmt::format("{}.", words());
}

// What is going on or comes next.
std::string next_text(const View& view) {
  if (view.facts.current_run) return " " + run_text(*view.facts.current_run);
  if (!view.facts.waits.empty()) return " " + view.facts.waits;
  if (!view.facts.next_run) return "";
  return fmt::format(" Next try {}.", until_text(*view.facts.next_run, view.now));
}

std::string headline(const View& view, Health health) {
  switch (health) {
    case Health::Damaged: return damage_text(view.facts) + last_good_text(view);
    case Health::Failed: return failure_text(view) + next_text(view);
    case Health::None: return none_text(view) + last_try_text(view) + next_text(view);
    case Health::Stale: return stale_text(view) + last_try_text(view) + next_text(view);
    case Health::Working:
      return run_text(*view.facts.current_run) + " " +
             (view.is_fresh() ? fresh_text(view) : stale_text(view)) + last_try_text(view);
    case Health::Attention:  // no dataset's
    case Health::Waiting:
    case Health::Protected: break;
  }
  const std::string trouble = last_try_text(view);
  return fresh_text(view) + trouble +
         (trouble.empty() && !view.facts.current_run && view.facts.waits.empty() ? ""
                                                                                 : next_text(view));
}

}  // namespace

bool is_overdue(const DatasetFacts& facts, Time now) {
  if (!facts.waits.empty() || view_of(facts, now).is_fresh()) return false;
  return facts.archived_at.has_value() || now - facts.known_since > facts.stale_after;
}

bool is_kept_from_cloud(const DatasetFacts& facts, Time now) {
  return !facts.lost_destination.empty() || facts.cloud == Cloud::Error ||
         facts.cloud == Cloud::Excluded || is_waiting_too_long(facts, now);
}

DatasetHealth dataset_health(const DatasetFacts& facts, Time now) {
  const View view = view_of(facts, now);
  const Health health = health_with_run(view, health_at_rest(view));
  return {.health = health, .headline = headline(view, health)};
}

}  // namespace holdfast
