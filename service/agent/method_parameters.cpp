#include "service/agent/method_parameters.h"

#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "service/archive/archive_name.h"

namespace holdfast {
namespace {

// A dataset's id, and the SID of the user who added it.
constexpr std::size_t kMaxDatasetBytes = kMaxDatasetIdBytes * 4;
constexpr std::size_t kMaxFileNameBytes = 1024;

[[noreturn]] void refuse(const char* parameter, const std::string& what) {
  throw Error(ErrorCode::BadParameters,
              fmt::format("The parameter \"{}\" must be {}.", parameter, what),
              "See the protocol's page.");
}

}  // namespace

const nlohmann::json* MethodParameters::find(const char* name) const {
  const auto found = params_.find(name);
  return found == params_.end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::string> MethodParameters::text(const char* name, std::size_t most_bytes) const {
  const auto* found = find(name);
  if (found == nullptr) return std::nullopt;
  if (!found->is_string()) refuse(name, "a text");
  const auto& value = found->get_ref<const std::string&>();
  if (value.size() > most_bytes) refuse(name, fmt::format("no longer than {} bytes", most_bytes));
  return value;
}

std::optional<std::int64_t> MethodParameters::number(const char* name, std::int64_t least,
                                                     std::int64_t most) const {
  const auto* found = find(name);
  if (found == nullptr) return std::nullopt;
  if (!found->is_number_integer() || *found < least || *found > most) {
    refuse(name, fmt::format("a whole number from {} to {}", least, most));
  }
  return found->get<std::int64_t>();
}

bool MethodParameters::flag(const char* name) const {
  const auto* found = find(name);
  if (found == nullptr) return false;
  if (!found->is_boolean()) refuse(name, "true or false");
  return found->get<bool>();
}

std::optional<Time> MethodParameters::time(const char* name) const {
  constexpr std::size_t kMostBytes = 40;
  const auto value = text(name, kMostBytes);
  if (!value) return std::nullopt;
  try {
    return time_from(*value);
  } catch (const std::exception&) {
    refuse(name, "a time like \"2026-01-31T18:30:00Z\"");
  }
}

std::string MethodParameters::any_dataset() const {
  return text("dataset", kMaxDatasetBytes).value_or("");
}

std::string MethodParameters::dataset() const {
  std::string value = any_dataset();
  if (value.empty()) refuse("dataset", "the id of a dataset");
  return value;
}

std::string MethodParameters::any_archive() const {
  return text("archive", kMaxFileNameBytes).value_or("");
}

std::string MethodParameters::archive() const {
  std::string value = any_archive();
  if (value.empty()) refuse("archive", "the file name of an archive");
  return value;
}

nlohmann::json MethodParameters::object(const char* name) const {
  const auto* found = find(name);
  if (found == nullptr || !found->is_object()) refuse(name, "an object");
  return *found;
}

std::size_t MethodParameters::offset() const {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::size_t>(number("offset", 0, kMost).value_or(0));
}

RunTicket MethodParameters::run() const {
  const auto* found = find("run");
  if (found == nullptr || !found->is_number_unsigned()) refuse("run", "a run's number");
  return found->get<RunTicket>();
}

}  // namespace holdfast
