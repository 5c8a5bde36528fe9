#include "common/path_text.h"

namespace holdfast {

std::string path_text(const std::filesystem::path& path) {
  return path.native();
}

std::filesystem::path text_path(std::string_view text) {
  return text;
}

}  // namespace holdfast
