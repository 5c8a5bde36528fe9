#include "service/backup/destination.h"

#include <algorithm>
#include <string>

#include "common/error.h"
#include "common/path_text.h"

namespace holdfast {
namespace {

Error unusable(const std::filesystem::path& destination, const std::string& why,
               const std::string& action) {
  return {ErrorCode::NotFound, "Cannot back up to " + path_text(destination) + ": " + why + ".",
          action};
}

// Whether it is something else than a folder. That which cannot be told is none.
bool is_in_the_way(Storage& storage, const std::filesystem::path& path) {
  try {
    const auto entries = storage.list(path.parent_path());
    const auto found = std::ranges::find(entries, path.filename(), &StoredEntry::name);
    return found != entries.end() && found->kind == StoredEntry::Kind::File;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

void check_destination(Storage& storage, const std::filesystem::path& destination) {
  for (std::filesystem::path folder = destination;; folder = folder.parent_path()) {
    try {
      storage.list(folder);
      return;
    } catch (const Error& error) {
      if (folder.has_relative_path() && is_in_the_way(storage, folder)) {
        throw unusable(destination, path_text(folder) + " is a file, and no folder",
                       "Choose another destination.");
      }
      if (error.code() != ErrorCode::NotFound) throw;
    }
    if (!folder.has_relative_path()) {
      throw unusable(destination, "there is no " + path_text(folder) + " now",
                     "Connect the drive, or choose another destination.");
    }
  }
}

void make_destination(Storage& storage, const std::filesystem::path& destination) {
  check_destination(storage, destination);
  storage.create_folders(destination);
}

}  // namespace holdfast
