#include "tests/support/folder_link.h"

namespace holdfast {

bool make_folder_link(const std::filesystem::path& target, const std::filesystem::path& link) {
  std::filesystem::create_directory_symlink(target, link);
  return true;
}

}  // namespace holdfast
