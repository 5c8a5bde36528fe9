#include <system_error>

#include "service/platform/path_limits.h"

namespace holdfast {

bool is_link(const std::filesystem::path& path) {
  std::error_code unknown;
  return std::filesystem::is_symlink(path, unknown);
}

}  // namespace holdfast
