#pragma once

#include <string>
#include <vector>

#include "common/clock.h"

namespace holdfast {

struct ChartPoint {
  Time at;
  double value = 0;  // never negative
  bool is_trouble = false;
};

enum class ChartForm {
  Line,     // a value that stays until the next
  Needles,  // values that stand alone
  Area,     // a value that changes evenly between its points
  Lanes,    // what went well above, trouble below; values mean nothing
};

enum class ChartUnit { Bytes, Seconds };

struct ChartSpan {
  Time begin;
  Time end;
};

// One picture of values over time.
struct Chart {
  std::string id;  // unique in its page, of letters, digits and '-'
  std::string title;
  std::string summary;  // what it shows, for who cannot see it
  ChartForm form = ChartForm::Line;
  ChartUnit unit = ChartUnit::Bytes;
  ChartSpan span;
  std::vector<ChartPoint> points;  // by time, within the span
};

}  // namespace holdfast
