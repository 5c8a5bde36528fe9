#pragma once

#include <filesystem>

namespace holdfast {

enum class LogEcho { FileOnly, AlsoStderr };

// Sends spdlog's default logger to `file`: rotated at 5 MiB with four old ones kept, times in UTC,
// each line written out at once, because the last line before a power loss is the one that matters.
// Throws Error when the file cannot be opened.
void log_to(const std::filesystem::path& file, LogEcho echo);

}  // namespace holdfast
