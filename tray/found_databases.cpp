#include "tray/found_databases.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>

#include "common/path_text.h"

namespace holdfast {

bool is_database(const std::string& path) {
  constexpr std::string_view kMagic("SQLite format 3\0", 16);
  const std::filesystem::path file = text_path(path);
  std::error_code unknown;
  if (!std::filesystem::is_regular_file(file, unknown)) return false;
  std::array<char, kMagic.size()> beginning{};
  std::ifstream stream(file, std::ios::binary);
  stream.read(beginning.data(), beginning.size());
  return stream && std::string_view(beginning.data(), beginning.size()) == kMagic;
}

std::vector<DatabaseChoice> found_databases(const std::vector<DatabaseChoice>& places) {
  std::vector<DatabaseChoice> found;
  std::ranges::copy_if(places, std::back_inserter(found),
                       [](const DatabaseChoice& choice) { return is_database(choice.database); });
  return found;
}

}  // namespace holdfast
