#include "service/report/svg_chart.h"

#include <algorithm>

#include <catch2/catch_test_macros.hpp>

#include "service/report/chart_axis.h"
#include "tests/support/fake_time_zone.h"
#include "tests/support/strict_markup.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

const Time kNow = time_from("2026-11-20T10:00:00Z");

std::vector<MarkupElement> elements_of(const Chart& chart) {
  return strict_markup("<!DOCTYPE html>" + svg_chart(chart, FakeTimeZone(0s)));
}

std::size_t count(const std::vector<MarkupElement>& elements, const std::string& of_class) {
  return static_cast<std::size_t>(
      std::ranges::count_if(elements, [&of_class](const MarkupElement& element) {
        const auto found = element.attributes.find("class");
        return found != element.attributes.end() && found->second == of_class;
      }));
}

Chart chart_of(ChartForm form, int points, int trouble_every) {
  Chart chart{.id = "c",
              .title = "Title",
              .summary = "Summary",
              .form = form,
              .unit = ChartUnit::Seconds,
              .span = {kNow - std::chrono::hours(points), kNow}};
  for (int i = 0; i < points; ++i) {
    chart.points.push_back({chart.span.begin + std::chrono::hours(i), i == points / 2 ? 500.0 : 5.0,
                            i % trouble_every == 0});
  }
  return chart;
}

TEST_CASE("An axis has round values, from none up to one that is enough") {
  struct Row {
    double highest;
    ChartUnit unit;
    std::vector<std::string> texts;
  };
  const Row rows[] = {
      {0, ChartUnit::Bytes, {"0", "1 bytes"}},
      {60e6, ChartUnit::Bytes, {"0", "20 MB", "40 MB", "60 MB"}},
      {1.3e12, ChartUnit::Bytes, {"0", "500 GB", "1 TB", "1.5 TB"}},
      {0, ChartUnit::Seconds, {"0", "1 s"}},
      {35, ChartUnit::Seconds, {"0", "10 s", "20 s", "30 s", "40 s"}},
      {200, ChartUnit::Seconds, {"0", "1 min", "2 min", "3 min", "4 min"}},
      {47 * 3600, ChartUnit::Seconds, {"0", "12 h", "24 h", "36 h", "2 days"}},
      {400 * 86400,
       ChartUnit::Seconds,
       {"0", "90 days", "180 days", "270 days", "360 days", "450 days"}},
  };
  for (const auto& [highest, unit, texts] : rows) {
    CAPTURE(highest);
    std::vector<std::string> told;
    for (const double tick : value_ticks(highest, unit)) told.push_back(value_text(tick, unit));
    CHECK(told == texts);
  }
}

TEST_CASE("An axis of time has round times of the clocks on the wall, not too many of them") {
  for (const auto span : {1h, 24h, 48h, 24h * 9, 24h * 60, 24h * 400}) {
    CAPTURE(span.count());
    for (const FakeTimeZone& zone : {berlin(), sydney(), new_york()}) {
      const auto ticks = time_ticks({kNow - span, kNow}, zone);
      CHECK(ticks.size() <= 8);
      if (span >= 24h) CHECK(ticks.size() >= 2);
    }
  }
  const auto ticks = time_ticks({kNow - 24h, kNow}, berlin());
  REQUIRE(ticks.size() == 4);
  CHECK(ticks[0].text == "12:00");
  CHECK(utc_text(ticks[0].at) == "2026-11-19T11:00:00Z");
  CHECK(ticks[2].text == "20 Nov");
}

TEST_CASE("However many points a chart has, it is drawn small, with its peak and its trouble") {
  for (const ChartForm form : {ChartForm::Line, ChartForm::Area, ChartForm::Needles}) {
    const Chart chart = chart_of(form, 5000, 1000);
    const std::string svg = svg_chart(chart, FakeTimeZone(0s));
    CHECK(svg.size() < 60'000);
    // The peak has its place in the picture: 500 s where the scale ends at 10 min.
    CHECK(svg.find(form == ChartForm::Needles ? "y2=\"34.7\"" : " 35.7") != std::string::npos);
    CHECK(count(elements_of(chart), "trouble") == (form == ChartForm::Needles ? 5 : 0));
  }
  CHECK(count(elements_of(chart_of(ChartForm::Lanes, 5000, 1000)), "trouble") == 5);
}

TEST_CASE("One point is a mark, and no point is an empty chart") {
  CHECK(count(elements_of(chart_of(ChartForm::Line, 1, 2)), "trouble") == 1);
  CHECK(count(elements_of(chart_of(ChartForm::Lanes, 1, 2)), "trouble") == 1);
  for (const ChartForm form :
       {ChartForm::Line, ChartForm::Area, ChartForm::Needles, ChartForm::Lanes}) {
    CHECK_NOTHROW(elements_of(chart_of(form, 0, 1)));
  }
}

}  // namespace
}  // namespace holdfast
