#include "common/logging.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "common/error.h"
#include "common/path_text.h"

namespace holdfast {
namespace {
constexpr std::size_t kMaxFileBytes = 5 * 1024 * 1024;
constexpr std::size_t kOldFiles = 4;
}  // namespace

void log_to(const std::filesystem::path& file, LogEcho echo) {
  std::vector<spdlog::sink_ptr> sinks;
  try {
    sinks.push_back(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
        file.native(), kMaxFileBytes, kOldFiles));
  } catch (const spdlog::spdlog_ex& failure) {
    throw Error(ErrorCode::SystemCallFailed,
                "Cannot write the log file " + path_text(file) + ": " + failure.what() + ".",
                "Check that the folder exists and that this account may write to it.");
  }
  if (echo == LogEcho::AlsoStderr) {
    sinks.push_back(std::make_shared<spdlog::sinks::stderr_sink_mt>());
  }
  auto logger = std::make_shared<spdlog::logger>("holdfast", sinks.begin(), sinks.end());
  logger->set_formatter(std::make_unique<spdlog::pattern_formatter>(
      "%Y-%m-%dT%H:%M:%S.%eZ %-7l %v", spdlog::pattern_time_type::utc));
  logger->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace holdfast
