#include "service/platform/local_text.h"

#include <string_view>

namespace holdfast {

std::string local_text(Time time, const TimeZone& zone) {
  const Time as_if_utc{local_time(zone, time).time_since_epoch()};
  std::string text = utc_text(as_if_utc).substr(0, std::string_view("2026-11-20T10:43").size());
  text[text.find('T')] = ' ';
  return text;
}

}  // namespace holdfast
