#include "service/report/svg_chart.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "service/report/chart_axis.h"
#include "service/report/markup.h"

namespace holdfast {
namespace {

constexpr double kWidth = 440;
constexpr double kHeight = 180;
constexpr double kLanesHeight = 96;
constexpr double kLeft = 62;
constexpr double kRight = 430;
constexpr double kTop = 12;
constexpr double kBelow = 26;  // for the times
constexpr double kUpperLane = 0.75;
constexpr double kLowerLane = 0.25;
constexpr double kMark = 4;

struct Place {
  double x = 0;
  double y = 0;
  bool is_trouble = false;
};

// Where values and times lie in the picture.
class Scale {
 public:
  Scale(const Chart& chart, double highest)
      : chart_(chart), highest_(highest), bottom_(height() - kBelow) {}

  double height() const { return chart_.form == ChartForm::Lanes ? kLanesHeight : kHeight; }
  double bottom() const { return bottom_; }
  double x(Time at) const {
    const auto whole =
        std::max<double>(1, static_cast<double>((chart_.span.end - chart_.span.begin).count()));
    const auto part = static_cast<double>((at - chart_.span.begin).count());
    return kLeft + (kRight - kLeft) * std::clamp(part / whole, 0.0, 1.0);
  }
  double y(double value) const {
    return bottom_ - (bottom_ - kTop) * std::clamp(value / highest_, 0.0, 1.0);
  }
  Place place(const ChartPoint& point) const {
    const double lane = point.is_trouble ? kLowerLane : kUpperLane;
    const double value = chart_.form == ChartForm::Lanes ? lane * highest_ : point.value;
    return {x(point.at), y(value), point.is_trouble};
  }

 private:
  const Chart& chart_;
  double highest_;
  double bottom_;
};

// Of each column of the picture the first place, the outermost two and the last, in their order.
std::vector<Place> thinned(const std::vector<Place>& places) {
  std::vector<Place> kept;
  for (auto column = places.begin(); column != places.end();) {
    const auto next = std::find_if(column, places.end(), [column](const Place& place) {
      return std::floor(place.x) != std::floor(column->x);
    });
    const auto [highest, lowest] =
        std::minmax_element(column, next, [](const Place& a, const Place& b) { return a.y < b.y; });
    std::vector chosen{column, std::min(highest, lowest), std::max(highest, lowest), next - 1};
    chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
    for (const auto& place : chosen) kept.push_back(*place);
    column = next;
  }
  return kept;
}

// Of each column of the picture the highest place that is trouble and the highest that is none;
// trouble comes last, so that nothing covers it.
std::vector<Place> highest_of_columns(const std::vector<Place>& places) {
  std::map<std::pair<bool, double>, Place> columns;
  for (const Place& place : places) {
    const auto [known, is_new] =
        columns.try_emplace({place.is_trouble, std::floor(place.x)}, place);
    if (!is_new && place.y < known->second.y) known->second = place;
  }
  std::vector<Place> kept;
  kept.reserve(columns.size());
  for (const auto& [column, place] : columns) kept.push_back(place);
  return kept;
}

std::string line(std::string_view name, double x1, double y1, double x2, double y2) {
  return fmt::format(R"(<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>)", name,
                     x1, y1, x2, y2);
}

std::string label(std::string_view anchor, double x, double y, std::string_view text) {
  return fmt::format(R"(<text text-anchor="{}" x="{:.1f}" y="{:.1f}">{}</text>)", anchor, x, y,
                     escaped(text));
}

// Trouble differs by its shape, too.
std::string mark(const Place& place) {
  if (!place.is_trouble) {
    return fmt::format(R"(<circle class="good" cx="{:.1f}" cy="{:.1f}" r="3"/>)", place.x, place.y);
  }
  const std::string cross =
      fmt::format("M{0:.1f} {2:.1f}L{1:.1f} {3:.1f}M{0:.1f} {3:.1f}L{1:.1f} {2:.1f}",
                  place.x - kMark, place.x + kMark, place.y - kMark, place.y + kMark);
  return fmt::format(R"(<path class="halo" d="{0}"/><path class="trouble" d="{0}"/>)", cross);
}

std::string path_of(const std::vector<Place>& places, ChartForm form) {
  std::string path;
  double last = 0;
  for (const Place& place : places) {
    if (!path.empty() && form == ChartForm::Line) {
      path += fmt::format("L{:.1f} {:.1f}", place.x, last);
    }
    path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? 'M' : 'L', place.x, place.y);
    last = place.y;
  }
  return path;
}

std::string line_drawn(const std::vector<Place>& places, const Scale& scale, Time end) {
  std::vector<Place> drawn = thinned(places);
  std::string marks;
  constexpr std::size_t kMostMarks = 60;  // more would be a caterpillar
  if (drawn.size() <= kMostMarks) {
    for (const Place& place : drawn) marks += mark(place);
  }
  drawn.push_back({scale.x(end), drawn.back().y});
  return fmt::format(R"(<path class="line" d="{}"/>)", path_of(drawn, ChartForm::Line)) + marks;
}

std::string area_drawn(const std::vector<Place>& places, const Scale& scale) {
  const std::vector<Place> drawn = thinned(places);
  const std::string path = path_of(drawn, ChartForm::Area);
  return fmt::format(R"(<path class="area" d="{0}L{1:.1f} {3:.1f}L{2:.1f} {3:.1f}Z"/>)"
                     R"(<path class="line" d="{0}"/>)",
                     path, drawn.back().x, drawn.front().x, scale.bottom());
}

std::string marks_drawn(const std::vector<Place>& places, const Scale& scale, ChartForm form) {
  std::string drawn;
  for (const Place& place : highest_of_columns(places)) {
    if (form == ChartForm::Needles && !place.is_trouble) {
      drawn += line("needle", place.x, scale.bottom(), place.x, place.y - 1);
    } else {
      drawn += mark(place);
    }
  }
  return drawn;
}

std::string drawn_points(const Chart& chart, const Scale& scale) {
  std::vector<Place> places;
  places.reserve(chart.points.size());
  for (const ChartPoint& point : chart.points) places.push_back(scale.place(point));
  switch (chart.form) {
    case ChartForm::Line: return line_drawn(places, scale, chart.span.end);
    case ChartForm::Area: return area_drawn(places, scale);
    case ChartForm::Needles:
    case ChartForm::Lanes: break;
  }
  return marks_drawn(places, scale, chart.form);
}

std::string value_axis(const Chart& chart, const Scale& scale, const std::vector<double>& ticks) {
  constexpr double kGap = 6;
  constexpr double kHalfLetter = 4;
  std::string axis;
  if (chart.form == ChartForm::Lanes) {
    for (const auto& [lane, text] : {std::pair{kUpperLane, "passed"}, {kLowerLane, "failed"}}) {
      const double y = scale.y(lane * ticks.back());
      axis += line("grid", kLeft, y, kRight, y);
      axis += label("end", kLeft - kGap, y + kHalfLetter, text);
    }
    return axis;
  }
  for (const double tick : ticks) {
    const double y = scale.y(tick);
    axis += line("grid", kLeft, y, kRight, y);
    axis += label("end", kLeft - kGap, y + kHalfLetter, value_text(tick, chart.unit));
  }
  return axis;
}

std::string time_axis(const Chart& chart, const Scale& scale, const TimeZone& zone) {
  constexpr double kTick = 4;
  constexpr double kText = 18;
  constexpr double kEdge = 18;  // half of a text
  std::string axis = line("axis", kLeft, scale.bottom(), kRight, scale.bottom());
  for (const TimeTick& tick : time_ticks(chart.span, zone)) {
    const double x = scale.x(tick.at);
    axis += line("axis", x, scale.bottom(), x, scale.bottom() + kTick);
    if (x > kRight - kEdge) continue;
    axis += label("middle", x, scale.bottom() + kText, tick.text);
  }
  return axis;
}

}  // namespace

std::string svg_chart(const Chart& chart, const TimeZone& zone) {
  double highest = 0;
  for (const ChartPoint& point : chart.points) highest = std::max(highest, point.value);
  const std::vector<double> ticks = value_ticks(highest, chart.unit);
  const Scale scale(chart, ticks.back());
  std::string svg = fmt::format(
      R"(<svg role="img" aria-labelledby="{0}-title {0}-desc" viewBox="0 0 {1:.0f} {2:.0f}">)"
      R"(<title id="{0}-title">{3}</title><desc id="{0}-desc">{4}</desc>)",
      chart.id, kWidth, scale.height(), escaped(chart.title), escaped(chart.summary));
  svg += value_axis(chart, scale, ticks);
  if (!chart.points.empty()) svg += drawn_points(chart, scale);
  svg += time_axis(chart, scale, zone);
  return svg + "</svg>";
}

std::string svg_share(double share) {
  const double part = std::clamp(share, 0.0, 1.0) * 100;
  return fmt::format(R"(<svg class="share" role="img" aria-label="{0:.0f} %" viewBox="0 0 100 10" )"
                     R"(preserveAspectRatio="none"><rect class="whole" width="100" height="10"/>)"
                     R"(<rect class="part" width="{1:.1f}" height="10"/></svg>)",
                     part, part);
}

}  // namespace holdfast
