#pragma once

#include <filesystem>
#include <utility>

#include "service/platform/user_rights.h"

namespace holdfast {

// What is opened with the service's own rights may lie where users can write, who are not to choose
// what it reads and writes: so it is opened through no link (a junction, a symbolic link, a further
// name of a file), whoever made it, and nothing of what is a user's own, which is done with that
// user's rights.
struct PathLimits {
  std::filesystem::path profiles;  // the folder of users' own folders; empty: none is known
};

// The service itself, as it works on what is the machine's.
class ServiceRights final : public UserRights {
 public:
  explicit ServiceRights(PathLimits limits) : limits_(std::move(limits)) {}
  const PathLimits* limits() const noexcept override { return &limits_; }

 private:
  void take_on() const override {}
  void lay_down() const noexcept override {}

  PathLimits limits_;
};

// Those of the calling thread; null where it may open whatever its rights allow.
const PathLimits* path_limits() noexcept;

// Throws Error(AccessDenied) where the calling thread's limits forbid the path, as it stands there
// now. Who opens it sees to it that what is open then is what the path names: check_opened(), or
// the system itself.
void check_path(const std::filesystem::path& path);

// Whether it lies in a user's own folder. `Public` is everybody's.
bool is_of_a_user(const std::filesystem::path& path, const PathLimits& limits);

// Whether it is a name that stands for something elsewhere. What is not there is none.
bool is_link(const std::filesystem::path& path);

}  // namespace holdfast
