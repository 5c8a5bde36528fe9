#include "service/command_line/report_view.h"

#include <fmt/format.h>

namespace holdfast {

std::string span_text(std::chrono::seconds span) {
  const auto minutes = span.count() / 60;
  if (minutes >= 60) {
    return fmt::format("{}:{:02}:{:02}", minutes / 60, minutes % 60, span.count() % 60);
  }
  return fmt::format("{}:{:02}", minutes, span.count() % 60);
}

}  // namespace holdfast
