#include "service/agent/status_file.h"

#include <exception>
#include <fstream>
#include <ios>
#include <utility>

#include <spdlog/spdlog.h>

#include "common/path_text.h"

namespace holdfast {
namespace {

constexpr std::chrono::seconds kFresh{60};

}  // namespace

void StatusFile::write(const nlohmann::json& status, Time now) noexcept {
  try {
    const bool is_fresh = written_at_ && now >= *written_at_ && now - *written_at_ < kFresh;
    if (is_fresh && status == written_) return;
    replace(status, now);
    written_at_ = now;
    written_ = status;
    has_failed_ = false;
  } catch (const std::exception& failure) {
    if (!std::exchange(has_failed_, true)) {
      spdlog::warn("Cannot write {}: {}", path_text(path_), failure.what());
    }
  }
}

void StatusFile::replace(const nlohmann::json& status, Time now) const {
  nlohmann::json told = status;
  told["as_of"] = utc_text(now);
  std::filesystem::path half_written = path_;
  half_written += ".tmp";
  {
    std::ofstream file;
    file.exceptions(std::ios::failbit | std::ios::badbit);
    file.open(half_written, std::ios::binary | std::ios::trunc);
    file << told.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  }
  std::filesystem::rename(half_written, path_);
}

}  // namespace holdfast
