#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "common/clock.h"
#include "service/runs/run_queue.h"

namespace holdfast {

// What a method was asked for. Whatever is there and is not as it must be is Error(BadParameters)
// that names it.
class MethodParameters {
 public:
  // Keeps a reference.
  explicit MethodParameters(const nlohmann::json& params) : params_(params) {}

  // Nothing when it is absent or null.
  std::optional<std::string> text(const char* name, std::size_t most_bytes) const;
  std::optional<std::int64_t> number(const char* name, std::int64_t least, std::int64_t most) const;
  bool flag(const char* name) const;
  std::optional<Time> time(const char* name) const;
  nlohmann::json object(const char* name) const;

  // Empty when none is named.
  std::string any_dataset() const;
  std::string dataset() const;
  // Empty when none is named.
  std::string any_archive() const;
  std::string archive() const;
  RunTicket run() const;
  // Where a page begins.
  std::size_t offset() const;

 private:
  const nlohmann::json* find(const char* name) const;

  const nlohmann::json& params_;
};

}  // namespace holdfast
