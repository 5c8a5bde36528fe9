#include "service/retention/retention.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>
#include <tuple>

#include <fmt/format.h>

namespace holdfast {
namespace {

using Check = ArchiveFacts::Check;
using Verdict = RetentionDecision::Verdict;

// An archive and the decision on it.
struct Case {
  const ArchiveFacts* archive;
  RetentionDecision* decision;
  bool decided = false;

  void keep(std::string reason) { decide(Verdict::Keep, std::move(reason)); }
  void remove(std::string reason) { decide(Verdict::Delete, std::move(reason)); }

 private:
  // The first reason stands.
  void decide(Verdict verdict, std::string reason) {
    if (decided) return;
    decided = true;
    decision->verdict = verdict;
    decision->reason = std::move(reason);
  }
};

// Newest first.
using Cases = std::vector<Case*>;

auto age_key(const ArchiveFacts& archive) {
  return std::tuple(archive.sequence.has_value(), archive.sequence.value_or(0), archive.taken_at,
                    std::string_view(archive.id));
}

std::string newest_text(int count) {
  return count == 1 ? std::string("newest") : fmt::format("{} newest", count);
}

// The days that stand for the archive's day, week and month.
std::chrono::local_days day_of(const ArchiveFacts& archive, const TimeZone& zone) {
  return std::chrono::floor<std::chrono::days>(local_time(zone, archive.taken_at));
}
std::chrono::local_days week_of(const ArchiveFacts& archive, const TimeZone& zone) {
  const auto day = day_of(archive, zone);
  return day - (std::chrono::weekday(day) - std::chrono::Monday);
}
std::chrono::local_days month_of(const ArchiveFacts& archive, const TimeZone& zone) {
  const std::chrono::year_month_day date(day_of(archive, zone));
  return std::chrono::local_days(date.year() / date.month() / 1);
}

using PeriodOf = std::chrono::local_days (*)(const ArchiveFacts&, const TimeZone&);

void keep_newest(const Cases& cases, int count, const std::string& reason) {
  for (Case* const each : cases) {
    if (count-- <= 0) return;
    each->keep(reason);
  }
}

void keep_newest_of_each(const Cases& cases, int periods, PeriodOf period_of, const TimeZone& zone,
                         const std::string& reason) {
  std::set<std::chrono::local_days> seen;
  for (Case* const each : cases) {
    if (static_cast<int>(seen.size()) >= periods) return;
    if (seen.insert(period_of(*each->archive, zone)).second) each->keep(reason);
  }
}

// What the policy says of archives of one kind.
struct Limits {
  int last = 0;
  int daily = 0;
  int weekly = 0;
  int monthly = 0;

  // Broken archives stay and others go in view of this many newer ones.
  int newest() const { return std::max(last, 1); }
  bool has_periods() const { return daily > 0 || weekly > 0 || monthly > 0; }
};

// `doubt` ends each reason.
void keep_by_policy(const Cases& cases, const Limits& limits, const TimeZone& zone,
                    std::string_view doubt) {
  keep_newest(cases, limits.last,
              fmt::format("{} {}{}", limits.last == 1 ? "the" : "one of the",
                          newest_text(limits.last), doubt));
  keep_newest_of_each(cases, limits.daily, day_of, zone,
                      fmt::format("the newest of its day{}", doubt));
  keep_newest_of_each(cases, limits.weekly, week_of, zone,
                      fmt::format("the newest of its week{}", doubt));
  keep_newest_of_each(cases, limits.monthly, month_of, zone,
                      fmt::format("the newest of its month{}", doubt));
}

template <typename Predicate>
void keep_first(const Cases& cases, Predicate predicate, const char* reason) {
  const auto found = std::find_if(cases.begin(), cases.end(),
                                  [&](const Case* each) { return predicate(*each->archive); });
  if (found != cases.end()) (*found)->keep(reason);
}

template <typename Predicate>
Cases those(const Cases& cases, Predicate predicate) {
  Cases found;
  std::copy_if(cases.begin(), cases.end(), std::back_inserter(found),
               [&](const Case* each) { return predicate(*each->archive); });
  return found;
}

bool is_verified(const ArchiveFacts& archive) {
  return archive.check == Check::Verified;
}

void keep_good(const Cases& cases, const Limits& limits, const TimeZone& zone) {
  const Cases verified = those(cases, is_verified);
  keep_by_policy(verified, limits, zone, "");
  keep_newest(verified, 1, "the newest that is verified");

  const Cases whole =
      those(cases, [](const ArchiveFacts& archive) { return archive.check != Check::Broken; });
  keep_first(
      whole, [](const ArchiveFacts& archive) { return archive.drilled_at.has_value(); },
      "the last that passed a test restore");
  keep_first(
      whole, [](const ArchiveFacts& archive) { return archive.cloud_confirmed_at.has_value(); },
      "the last that is surely in the cloud");
  // The verified ones among these are kept already: they stand higher where fewer count.
  keep_by_policy(whole, limits, zone, ", though nobody has verified it yet");
}

void keep_doubtful(const Cases& cases, const Limits& limits) {
  int newer_verified = 0;
  for (Case* const each : cases) {
    if (newer_verified == 0) each->keep("newer than all that are verified");
    if (is_verified(*each->archive)) ++newer_verified;
    if (each->archive->check == Check::Broken && newer_verified < limits.newest()) {
      each->keep("damaged, but hardly older than the good ones");
    }
  }
}

std::string end_of(const ArchiveFacts& archive, const Limits& limits) {
  return fmt::format("{}older than the {}{}", archive.check == Check::Broken ? "damaged, and " : "",
                     newest_text(limits.newest()),
                     limits.has_periods() ? ", and no day, week or month needs it" : "");
}

// Decides on archives of one kind, newest first.
void decide(const Cases& cases, const Limits& limits, const TimeZone& zone, Time now) {
  const auto is_undatable = [now](const ArchiveFacts& archive) {
    return !archive.sequence && is_future(archive.taken_at, now);
  };
  for (Case* const each : those(cases, is_undatable)) {
    each->keep("dated in the future, so that nobody knows how old it is");
  }
  const Cases dated = those(cases, std::not_fn(is_undatable));
  keep_good(dated, limits, zone);
  keep_doubtful(dated, limits);

  const auto older_than_all = std::find_if(dated.rbegin(), dated.rend(), [](const Case* each) {
                                return each->decided;
                              }).base();
  for (auto each = dated.begin(); each != dated.end(); ++each) {
    (*each)->remove(each < older_than_all ? end_of(*(*each)->archive, limits)
                                          : "older than everything that is kept");
  }
}

}  // namespace

bool is_newer(const ArchiveFacts& a, const ArchiveFacts& b) {
  return age_key(a) > age_key(b);
}

std::vector<RetentionDecision> retention(std::span<const ArchiveFacts> archives,
                                         const RetentionPolicy& policy, std::string_view own_host,
                                         const TimeZone& zone, Time now,
                                         std::string_view held_back) {
  std::vector<RetentionDecision> decisions(archives.size());
  std::vector<Case> cases;
  cases.reserve(archives.size());
  for (std::size_t i = 0; i < archives.size(); ++i) {
    decisions[i].id = archives[i].id;
    cases.push_back({&archives[i], &decisions[i]});
  }

  Cases backups;
  Cases safeties;
  for (Case& each : cases) {
    if (each.archive->host != own_host) {
      each.keep("another computer's");
    } else if (!held_back.empty()) {
      each.keep(fmt::format("retention is held back because {}", held_back));
    } else {
      (each.archive->kind == ArchiveName::Kind::Safety ? safeties : backups).push_back(&each);
    }
  }
  for (Cases* const group : {&backups, &safeties}) {
    std::sort(group->begin(), group->end(),
              [](const Case* a, const Case* b) { return is_newer(*a->archive, *b->archive); });
  }
  decide(backups, {policy.last, policy.daily, policy.weekly, policy.monthly}, zone, now);
  decide(safeties, {.last = policy.safety}, zone, now);
  return decisions;
}

}  // namespace holdfast
