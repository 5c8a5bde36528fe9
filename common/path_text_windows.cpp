#include "common/path_text.h"
#include "common/utf16.h"

namespace holdfast {

std::string path_text(const std::filesystem::path& path) {
  return to_utf8(path.native());
}

std::filesystem::path text_path(std::string_view text) {
  return to_utf16(text);
}

}  // namespace holdfast
