#include "common/error.h"
#include "common/path_text.h"
#include "service/platform/is_there.h"

namespace holdfast {

bool is_there(const std::filesystem::path& path) {
  std::error_code failure;
  const auto type = std::filesystem::symlink_status(path, failure).type();
  if (type == std::filesystem::file_type::none) {
    throw Error(ErrorCode::SystemCallFailed,
                "Cannot look for " + path_text(path) + ": " + failure.message() + ".",
                "Check the rights on it, and try again.");
  }
  return type != std::filesystem::file_type::not_found;
}

}  // namespace holdfast
