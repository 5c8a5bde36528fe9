#pragma once

#include <filesystem>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/clock.h"

namespace holdfast {

// The status as a file, for monitoring that only reads files: replaced as a whole whenever the
// status is another, and at the latest after a minute, so that an old one tells that the service
// does not run. A disk that refuses it is logged and never stops the work.
class StatusFile {
 public:
  explicit StatusFile(std::filesystem::path path) : path_(std::move(path)) {}

  // `status` as the protocol has it, but for "as_of", which is added.
  void write(const nlohmann::json& status, Time now) noexcept;

 private:
  void replace(const nlohmann::json& status, Time now) const;

  const std::filesystem::path path_;
  nlohmann::json written_;
  std::optional<Time> written_at_;
  bool has_failed_ = false;
};

}  // namespace holdfast
