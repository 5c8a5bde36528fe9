#include "service/command_line/report_view.h"

#include <fmt/format.h>

namespace holdfast {

std::string local_text(Time time, const TimeZone& zone) {
  const Time as_if_utc{local_time(zone, time).time_since_epoch()};
  std::string text = utc_text(as_if_utc).substr(0, std::string_view("2026-11-20T10:43").size());
  text[text.find('T')] = ' ';
  return text;
}

std::string span_text(std::chrono::seconds span) {
  const auto minutes = span.count() / 60;
  if (minutes >= 60) {
    return fmt::format("{}:{:02}:{:02}", minutes / 60, minutes % 60, span.count() % 60);
  }
  return fmt::format("{}:{:02}", minutes, span.count() % 60);
}

}  // namespace holdfast
