#include "service/backup/side_files.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "common/error.h"
#include "common/path_text.h"
#include "common/text.h"
#include "service/archive/archive_name.h"
#include "service/archive/entry_name.h"
#include "service/archive/entry_names.h"
#include "service/archive/manifest.h"
#include "service/archive/sqlite_sidecars.h"

namespace holdfast {
namespace {

constexpr std::string_view kDatabaseHeader{"SQLite format 3\0", 16};

bool starts_as_database(Storage& storage, const std::filesystem::path& file) {
  std::array<std::byte, kDatabaseHeader.size()> start{};
  const std::size_t length = storage.open(file)->read_at(0, start);
  return std::string_view(reinterpret_cast<const char*>(start.data()), length) == kDatabaseHeader;
}

class Walk {
 public:
  Walk(Storage& storage, std::filesystem::path root, const std::vector<std::string>& include,
       LetterCase letter_case)
      : storage_(storage), root_(std::move(root)), include_(include), letter_case_(letter_case) {}

  std::vector<SideFile> files(const std::string& folder) {
    std::vector<SideFile> found;
    collect(folder, found);
    return found;
  }

 private:
  void collect(const std::string& folder, std::vector<SideFile>& found) {
    for (const StoredEntry& entry : listed(folder)) {
      const std::string name = (folder.empty() ? "" : folder + "/") + path_text(entry.name);
      if (is_in_stage(name)) continue;
      if (entry.kind == StoredEntry::Kind::Folder) {
        if (may_hold_some(name)) collect(name, found);
      } else if (entry.kind == StoredEntry::Kind::File && is_included(name)) {
        add(name, entry.size, found);
      }
    }
  }

  std::vector<StoredEntry> listed(const std::string& folder) const {
    try {
      return storage_.list(root_ / text_path(folder));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::NotFound || folder.empty()) throw;
      return {};  // gone meanwhile: then it is no part of the present state
    }
  }

  void add(const std::string& name, std::uint64_t size, std::vector<SideFile>& found) {
    try {
      const std::filesystem::path path = root_ / text_path(name);
      // Before anything is read: so what is read is never older.
      const std::optional<FileState> state = file_state(path);
      found.push_back({.name = name,
                       .size = size,
                       .is_database = starts_as_database(storage_, path),
                       .state = state});
    } catch (const Error& error) {
      // Gone since the folder was listed: then it is no part of the present state.
      if (error.code() != ErrorCode::NotFound) throw;
    }
  }

  bool is_included(const std::string& name) const {
    return std::any_of(include_.begin(), include_.end(), [&](const std::string& pattern) {
      return matches_include(pattern, name, letter_case_);
    });
  }

  // Folders that no pattern can reach are not even listed: a profile may hold a great many.
  bool may_hold_some(const std::string& folder) const {
    return std::any_of(include_.begin(), include_.end(),
                       [&](const std::string& pattern) { return reaches_into(pattern, folder); });
  }

  // Whether the pattern's first names fit the folder's names.
  bool reaches_into(std::string_view pattern, std::string_view folder) const {
    for (;;) {
      const std::string_view part = pattern.substr(0, pattern.find('/'));
      if (part == "**") return true;
      const std::string_view name = folder.substr(0, folder.find('/'));
      if (!matches_include(part, name, letter_case_)) return false;
      if (part.size() == pattern.size()) return false;
      if (name.size() == folder.size()) return true;
      pattern.remove_prefix(part.size() + 1);
      folder.remove_prefix(name.size() + 1);
    }
  }

  Storage& storage_;
  const std::filesystem::path root_;
  const std::vector<std::string>& include_;
  const LetterCase letter_case_;
};

// Letter case may differ between the name that was configured and the one on the disk.
bool is_same_file(const std::filesystem::path& one, const std::filesystem::path& other) {
  std::error_code ignored;
  return one == other || std::filesystem::equivalent(one, other, ignored);
}

bool is_archive(const std::string& name) {
  const std::string file_name = name.substr(name.rfind('/') + 1);
  return parse_archive_name(file_name) || parse_unfinished_name(file_name);
}

// That of an archive that somebody has unpacked here.
bool is_manifest(const std::string& name) {
  return folded_name(name) == kManifestName;
}

// What cannot be in an archive is told of before one is made.
void refuse_what_no_archive_takes(const std::filesystem::path& database,
                                  const std::vector<SideFile>& files) {
  std::vector<std::string> names{path_text(database.filename())};
  for (const SideFile& file : files) names.push_back(file.name);
  const auto fault = entry_names_fault(names);
  if (!fault) return;
  throw Error(ErrorCode::ConfigFaulty,
              fmt::format("{} cannot be backed up with {}: its name {}.", one_line(fault->name),
                          path_text(database), fault->why),
              "Rename it, or leave it out of what the dataset includes.");
}

}  // namespace

std::vector<SideFile> side_files(Storage& storage, const std::filesystem::path& database,
                                 const std::vector<std::string>& include, LetterCase letter_case) {
  if (include.empty()) return {};
  std::vector<SideFile> files =
      Walk(storage, database.parent_path(), include, letter_case).files("");
  std::set<std::string> databases{folded_name(path_text(database.filename()))};
  for (const SideFile& file : files) {
    if (file.is_database) databases.insert(folded_name(file.name));
  }
  std::erase_if(files, [&](const SideFile& file) {
    return is_same_file(database.parent_path() / text_path(file.name), database) ||
           is_archive(file.name) || is_manifest(file.name) ||
           databases.contains(database_of_sidecar(file.name));
  });
  std::ranges::sort(files, {}, &SideFile::name);
  refuse_what_no_archive_takes(database, files);
  return files;
}

}  // namespace holdfast
