#pragma once

#include <filesystem>
#include <string>

namespace holdfast {

// The path as Windows takes it. One longer than it usually takes gets the prefix that lifts the
// limit; without that Windows tells that there is no such file, unless the whole computer is set
// to do otherwise. Whatever is given to a function of Windows as a path goes through here.
std::wstring system_path(const std::filesystem::path& path);

}  // namespace holdfast
