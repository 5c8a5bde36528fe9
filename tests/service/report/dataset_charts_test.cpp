#include "service/report/dataset_charts.h"

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using Values = std::vector<double>;

const Time kNow = time_from("2026-11-20T10:00:00Z");
constexpr double kHour = 3600;

ReportRun run(Time started, RunOutcome outcome, RunKind kind = RunKind::Backup) {
  return {.kind = kind, .outcome = outcome, .started_at = started, .ended_at = started + 9s};
}

ReportArchive archive(Time taken, std::uint64_t bytes) {
  return {.host = "PC", .taken_at = taken, .bytes = bytes, .check = ArchiveFacts::Check::Verified};
}

Values values(const Chart& chart) {
  Values values;
  for (const ChartPoint& point : chart.points) values.push_back(point.value);
  return values;
}

std::vector<Chart> charts_of(const ReportDataset& dataset) {
  return dataset_charts(dataset, "PC", kNow, "d");
}

TEST_CASE("A dataset without anything has charts that say so") {
  for (const Chart& chart : charts_of({})) {
    CHECK(chart.points.empty());
    CHECK_FALSE(chart.summary.empty());
    CHECK(chart.span.end - chart.span.begin == 24h);
  }
}

TEST_CASE("Sizes are those of this computer's backups, in the order of their dates") {
  ReportDataset dataset;
  dataset.archives = {archive(kNow - 1h, 30), archive(kNow - 3h, 10), archive(kNow - 2h, 20)};
  ReportArchive other = archive(kNow - 2h, 99);
  other.host = "LAPTOP";
  ReportArchive safety = archive(kNow - 2h, 98);
  safety.kind = ArchiveName::Kind::Safety;
  ReportArchive copy = archive(kNow - 2h, 97);
  copy.is_copy = true;
  for (const ReportArchive& left_out : {other, safety, copy}) dataset.archives.push_back(left_out);
  const Chart sizes = charts_of(dataset)[0];
  CHECK(values(sizes) == Values{10, 20, 30});
  CHECK(sizes.summary == "3 archives, from 10 bytes to 30 bytes; the newest has 30 bytes.");
}

TEST_CASE("Durations are those of backups that made an archive or failed") {
  ReportDataset dataset;
  dataset.runs = {run(kNow - 1h, RunOutcome::Failed),
                  run(kNow - 2h, RunOutcome::Verified),
                  run(kNow - 3h, RunOutcome::Unchanged),
                  run(kNow - 4h, RunOutcome::Cancelled),
                  run(kNow - 5h, RunOutcome::Running),
                  run(kNow - 6h, RunOutcome::Verified, RunKind::Restore)};
  const Chart durations = charts_of(dataset)[1];
  CHECK(values(durations) == Values{9, 9});
  CHECK_FALSE(durations.points[0].is_trouble);
  CHECK(durations.points[1].is_trouble);
  CHECK(durations.summary == "2 backups, 1 failed. Half took up to 9 s, the longest 9 s.");
}

TEST_CASE(
    "The newest backup grows older until the next good one, and a failed one changes nothing") {
  ReportDataset dataset;
  dataset.runs = {run(kNow - 2h, RunOutcome::Failed), run(kNow - 3h, RunOutcome::Unchanged),
                  run(kNow - 5h, RunOutcome::Failed), run(kNow - 9h, RunOutcome::Verified)};
  const Chart freshness = charts_of(dataset)[2];
  CHECK(values(freshness) == Values{0, 6 * kHour, 0, 3 * kHour});
  CHECK(freshness.points.back().at == kNow);
  CHECK(freshness.summary == "The newest backup is 3 hours old; it never was older than 6 hours.");
}

TEST_CASE("A lost history leaves what the verified archives tell of freshness") {
  ReportDataset dataset;
  ReportArchive unknown = archive(kNow - 1h, 1);
  unknown.check = ArchiveFacts::Check::Unknown;
  dataset.archives = {unknown, archive(kNow - 4h, 1), archive(kNow - 8h, 1)};
  CHECK(values(charts_of(dataset)[2]) == Values{0, 4 * kHour, 0, 4 * kHour});
}

TEST_CASE("What is older than the charts still makes the newest backup as old as it is") {
  ReportDataset dataset;
  dataset.runs = {run(kNow - kLongestSpan - 48h, RunOutcome::Verified)};
  const Chart freshness = charts_of(dataset)[2];
  CHECK(values(freshness) == Values{48 * kHour, 402 * 24 * kHour});
  CHECK(freshness.span.begin == kNow - kLongestSpan);
}

TEST_CASE("Drills passed or failed; what was given up is neither") {
  ReportDataset dataset;
  dataset.runs = {run(kNow - 1h, RunOutcome::Verified, RunKind::Drill),
                  run(kNow - 2h, RunOutcome::Cancelled, RunKind::Drill),
                  run(kNow - 3h, RunOutcome::Failed, RunKind::Drill),
                  run(kNow - 4h, RunOutcome::Verified)};
  const Chart drills = charts_of(dataset)[3];
  REQUIRE(drills.points.size() == 2);
  CHECK(drills.points[0].is_trouble);
  CHECK_FALSE(drills.points[1].is_trouble);
  CHECK(drills.summary == "2 test restores, 1 failed.");
}

}  // namespace
}  // namespace holdfast
