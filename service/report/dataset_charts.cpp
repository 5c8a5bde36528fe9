#include "service/report/dataset_charts.h"

#include <algorithm>
#include <chrono>
#include <ranges>

#include <fmt/format.h>

#include "common/relative_time.h"
#include "common/text.h"
#include "service/report/chart_axis.h"
#include "service/report/report_tables.h"

namespace holdfast {
namespace {

using Points = std::vector<ChartPoint>;

constexpr std::chrono::days kShortestSpan{1};

bool is_backup(const ReportArchive& archive) {
  return archive.kind == ArchiveName::Kind::Backup && !archive.is_copy;
}

bool ended_before_it_began(const ReportRun& run) {
  return run.ended_at && *run.ended_at < run.started_at;
}

// What can be believed, drawn and counted.
bool is_within(Time time, const ChartSpan& span) {
  return time >= span.begin && time <= span.end;
}

ChartSpan span_of(const ReportDataset& dataset, Time now) {
  Time earliest = now - kShortestSpan;
  for (const ReportRun& run : dataset.runs) earliest = std::min(earliest, run.started_at);
  for (const ReportArchive& archive : dataset.archives) {
    earliest = std::min(earliest, archive.taken_at);
  }
  return {std::max(earliest, now - kLongestSpan), now};
}

Points in_order(Points points) {
  std::ranges::stable_sort(points, {}, &ChartPoint::at);
  return points;
}

Points sizes(const ReportDataset& dataset, std::string_view host, const ChartSpan& span) {
  Points points;
  for (const ReportArchive& archive : dataset.archives) {
    if (!is_backup(archive) || archive.host != host || !is_within(archive.taken_at, span)) continue;
    points.push_back({archive.taken_at, static_cast<double>(archive.bytes),
                      archive.check == ArchiveFacts::Check::Broken});
  }
  return in_order(std::move(points));
}

Points durations(const ReportDataset& dataset, const ChartSpan& span) {
  Points points;
  for (const ReportRun& run : dataset.runs) {
    const bool is_told = run.outcome == RunOutcome::Verified || has_failed(run);
    if (run.kind != RunKind::Backup || !is_told || !run.ended_at || ended_before_it_began(run) ||
        !is_within(run.started_at, span)) {
      continue;
    }
    points.push_back({run.started_at, static_cast<double>((*run.ended_at - run.started_at).count()),
                      has_failed(run)});
  }
  return in_order(std::move(points));
}

Points drills(const ReportDataset& dataset, const ChartSpan& span) {
  Points points;
  for (const ReportRun& run : dataset.runs) {
    const bool is_told = run.outcome == RunOutcome::Verified || has_failed(run);
    if (run.kind != RunKind::Drill || !is_told || !is_within(run.started_at, span)) continue;
    points.push_back({run.started_at, 1, has_failed(run)});
  }
  return in_order(std::move(points));
}

// When there was a verified archive of the data as it was then: retention has taken many of them
// since, so the runs tell, and after a lost catalog what is left of the archives.
std::vector<Time> fresh_times(const ReportDataset& dataset, std::string_view host, Time now) {
  std::vector<Time> times;
  for (const ReportRun& run : dataset.runs) {
    const bool is_good =
        run.outcome == RunOutcome::Verified || run.outcome == RunOutcome::Unchanged;
    if (run.kind == RunKind::Backup && is_good) times.push_back(run.started_at);
  }
  for (const ReportArchive& archive : dataset.archives) {
    const bool is_good = archive.check == ArchiveFacts::Check::Verified && archive.host == host;
    if (is_backup(archive) && is_good) times.push_back(archive.taken_at);
  }
  std::erase_if(times, [now](Time time) { return time > now; });
  std::ranges::sort(times);
  return times;
}

double age(Time then, Time at) {
  return static_cast<double>((at - then).count());
}

Points freshness(const std::vector<Time>& times, const ChartSpan& span) {
  const auto first = std::ranges::lower_bound(times, span.begin);
  Points points;
  if (first != times.begin()) {
    points.push_back({span.begin, age(*std::prev(first), span.begin)});
  }
  for (auto time = first; time != times.end(); ++time) {
    if (time != times.begin()) points.push_back({*time, age(*std::prev(time), *time)});
    points.push_back({*time, 0});
  }
  if (!times.empty()) points.push_back({span.end, age(times.back(), span.end)});
  return points;
}

double highest(const Points& points) {
  return points.empty() ? 0 : std::ranges::max(points, {}, &ChartPoint::value).value;
}

std::size_t troubles(const Points& points) {
  return static_cast<std::size_t>(std::ranges::count(points, true, &ChartPoint::is_trouble));
}

std::string size_summary(const Points& points) {
  if (points.empty()) return "There is no archive of this computer yet.";
  const auto bytes = [](double value) { return size_text(static_cast<std::uint64_t>(value)); };
  const auto [least, most] = std::ranges::minmax(points, {}, &ChartPoint::value);
  std::string summary =
      fmt::format("{} archives, from {} to {}; the newest has {}.", points.size(),
                  bytes(least.value), bytes(most.value), bytes(points.back().value));
  if (points.size() == 1) summary = fmt::format("One archive, of {}.", bytes(most.value));
  if (const auto broken = troubles(points)) summary += fmt::format(" {} broken.", broken);
  return summary;
}

std::string failed_words(std::size_t failed) {
  return failed == 0 ? "none failed" : fmt::format("{} failed", failed);
}

std::string duration_summary(Points points) {
  const auto text = [](double value) {
    return value < 1 ? "less than 1 s" : value_text(value, ChartUnit::Seconds);
  };
  if (points.empty()) return "No backup has ended yet.";
  const std::size_t failed = troubles(points);
  if (points.size() == 1) {
    return fmt::format("One backup, which {} {}.", failed == 0 ? "took" : "failed after",
                       text(points.front().value));
  }
  const std::size_t middle = points.size() / 2;
  std::ranges::nth_element(points, points.begin() + static_cast<std::ptrdiff_t>(middle), {},
                           &ChartPoint::value);
  return fmt::format("{} backups, {}. Half took up to {}, the longest {}.", points.size(),
                     failed_words(failed), text(points[middle].value), text(highest(points)));
}

std::string freshness_summary(const Points& points) {
  if (points.empty()) return "There is no verified backup yet.";
  const auto text = [](double value) {
    return duration_text(std::chrono::seconds(static_cast<std::int64_t>(value)));
  };
  return fmt::format("The newest backup is {} old; it never was older than {}.",
                     text(points.back().value), text(highest(points)));
}

std::string drill_summary(const Points& points) {
  if (points.empty()) return "No archive has been restored as a test yet.";
  if (points.size() == 1) {
    return points.front().is_trouble ? "One test restore, which failed."
                                     : "One test restore, which passed.";
  }
  return fmt::format("{} test restores, {}.", points.size(), failed_words(troubles(points)));
}

}  // namespace

std::vector<Chart> dataset_charts(const ReportDataset& dataset, std::string_view host, Time now,
                                  const std::string& prefix) {
  const ChartSpan span = span_of(dataset, now);
  std::vector<Chart> charts{{.id = prefix + "-size",
                             .title = "Size of the archives",
                             .form = ChartForm::Line,
                             .unit = ChartUnit::Bytes,
                             .points = sizes(dataset, host, span)},
                            {.id = prefix + "-duration",
                             .title = "How long backups took",
                             .form = ChartForm::Needles,
                             .unit = ChartUnit::Seconds,
                             .points = durations(dataset, span)},
                            {.id = prefix + "-freshness",
                             .title = "Age of the newest backup",
                             .form = ChartForm::Area,
                             .unit = ChartUnit::Seconds,
                             .points = freshness(fresh_times(dataset, host, now), span)},
                            {.id = prefix + "-drills",
                             .title = "Test restores",
                             .form = ChartForm::Lanes,
                             .unit = ChartUnit::Seconds,
                             .points = drills(dataset, span)}};
  charts[0].summary = size_summary(charts[0].points);
  charts[1].summary = duration_summary(charts[1].points);
  charts[2].summary = freshness_summary(charts[2].points);
  charts[3].summary = drill_summary(charts[3].points);
  for (Chart& chart : charts) chart.span = span;
  return charts;
}

std::size_t misdated(const ReportDataset& dataset, Time now) {
  const auto runs = std::ranges::count_if(dataset.runs, [now](const ReportRun& run) {
    return run.started_at > now || ended_before_it_began(run);
  });
  const auto archives = std::ranges::count_if(
      dataset.archives, [now](const ReportArchive& archive) { return archive.taken_at > now; });
  return static_cast<std::size_t>(runs + archives);
}

}  // namespace holdfast
