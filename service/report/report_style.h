#pragma once

#include <string_view>

namespace holdfast {

// What the page of a report looks like: by day, by night, and on paper.
std::string_view report_style();

}  // namespace holdfast
