#include "service/platform/path_limits.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "common/error.h"
#include "common/path_text.h"
#include "service/archive/entry_name.h"

namespace holdfast {
namespace {

std::string folded(const std::filesystem::path& path) {
  return folded_name(path_text(path));
}

}  // namespace

const PathLimits* path_limits() noexcept {
  const UserRights* const acting = acting_as();
  return acting == nullptr ? nullptr : acting->limits();
}

bool is_of_a_user(const std::filesystem::path& path, const PathLimits& limits) {
  if (limits.profiles.empty()) return false;
  const std::filesystem::path normal = path.lexically_normal();
  auto part = normal.begin();
  for (const std::filesystem::path& above : limits.profiles) {
    if (part == normal.end() || folded(*part) != folded(above)) return false;
    ++part;
  }
  return part != normal.end() && folded(*part) != "public";
}

void check_path(const std::filesystem::path& path) {
  const PathLimits* const limits = path_limits();
  if (limits == nullptr) return;
  if (is_of_a_user(path, *limits)) {
    throw Error(ErrorCode::AccessDenied,
                fmt::format("The service does not open {} with its own rights: it is a user's.",
                            path_text(path)),
                "Give the path by a token, as {localappdata} is one, or let that user add it.");
  }
  // Links on a server are followed there, and lead to nothing of this computer.
  if (path_text(path).starts_with("\\\\")) return;
  std::filesystem::path at = path.root_path();
  for (const std::filesystem::path& part : path.relative_path()) {
    at /= part;
    if (!is_link(at)) continue;
    throw Error(
        ErrorCode::AccessDenied,
        fmt::format("The service does not open {}: {} is a link.", path_text(path), path_text(at)),
        "Configure the path that it leads to, or find out who made it and remove it.");
  }
}

}  // namespace holdfast
