#include <algorithm>
#include <system_error>

#include "common/path_text.h"
#include "service/cloud/one_drive_facts.h"

namespace holdfast {
namespace {

std::vector<std::string> default_folders(const std::filesystem::path& profile) {
  std::vector<std::string> folders;
  std::error_code failure;
  std::filesystem::directory_iterator entry(profile, failure);
  while (!failure && entry != std::filesystem::directory_iterator() &&
         folders.size() < kMostDefaultFolders) {
    std::error_code gone;
    if (path_text(entry->path().filename()).starts_with("OneDrive") && entry->is_directory(gone)) {
      folders.push_back(path_text(entry->path()));
    }
    entry.increment(failure);
  }
  std::ranges::sort(folders);
  return folders;
}

}  // namespace

// Of OneDrive, which is not for this system, there can be no more than folders.
OneDriveFacts one_drive_facts(const std::string& sid, const std::filesystem::path& profile) {
  return {.sid = sid, .default_folders = default_folders(profile)};
}

}  // namespace holdfast
