#include "service/restore/move_plan.h"

#include <map>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "common/error.h"
#include "common/path_text.h"
#include "common/text.h"
#include "service/archive/entry_name.h"
#include "service/archive/entry_names.h"
#include "service/archive/sqlite_sidecars.h"
#include "service/backup/side_files.h"
#include "service/platform/is_there.h"

namespace holdfast {
namespace {

using Kind = StoredEntry::Kind;

// Those that are there.
void add_with_sidecars(const std::filesystem::path& home, const std::string& name, MovePlan& plan) {
  for (const std::string& file : with_sidecars(name)) {
    const std::filesystem::path path = home / text_path(file);
    if (!is_there(path)) continue;
    // Readers leave marks in a -shm.
    plan.out[file] = file.ends_with("-shm") ? std::nullopt : file_state(path);
  }
}

// What stands at places below a folder, without following links.
class Places {
 public:
  Places(Storage& storage, std::filesystem::path home, LetterCase letter_case)
      : storage_(storage), home_(std::move(home)), letter_case_(letter_case) {}

  // Whether there is a file of this name, and nothing else on the way to it.
  bool has_file(const std::string& name) {
    std::filesystem::path at = home_;
    const std::filesystem::path below = text_path(name);
    for (auto part = below.begin(); part != below.end();) {
      const auto kind = kind_of(at, *part);
      at /= *part;
      if (!kind) {
        // Only the system knows all spellings of a name.
        if (is_there(at)) throw in_the_way(at);
        return false;
      }
      const bool is_last = ++part == below.end();
      if (*kind != (is_last ? Kind::File : Kind::Folder)) throw in_the_way(at);
    }
    return true;
  }

 private:
  std::optional<Kind> kind_of(const std::filesystem::path& folder,
                              const std::filesystem::path& name) {
    const auto [known, is_new] = known_.try_emplace(folder);
    if (is_new) {
      for (const StoredEntry& entry : storage_.list(folder)) {
        known->second[spelling(entry.name, letter_case_)] = entry.kind;
      }
    }
    const auto found = known->second.find(spelling(name, letter_case_));
    return found == known->second.end() ? std::nullopt : std::optional(found->second);
  }

  static Error in_the_way(const std::filesystem::path& path) {
    return {ErrorCode::AlreadyExists,
            fmt::format("Cannot restore to {}: there is something else of that name, a folder or a "
                        "link.",
                        path_text(path)),
            "Move it away; nothing was changed."};
  }

  Storage& storage_;
  const std::filesystem::path home_;
  const LetterCase letter_case_;
  std::map<std::filesystem::path, std::map<std::string, Kind>> known_;
};

// The archive's database may have another name than the one that it is restored over.
void refuse_part_of_database(const std::string& name, const std::filesystem::path& database) {
  const std::string own = path_text(database.filename());
  if (folded_name(name) != folded_name(own) && !is_sidecar_of(name, own)) return;
  throw Error(ErrorCode::ArchiveInvalid,
              fmt::format("Cannot restore over {}: the archive's file {} would be taken for the "
                          "database, or for a part of it.",
                          path_text(database), one_line(name)),
              "Extract the archive into an empty folder; nothing was changed.");
}

}  // namespace

std::vector<std::string> MovePlan::out_names() const {
  std::vector<std::string> names;
  for (const auto& [name, state] : out) names.push_back(name);
  return names;
}

MovePlan side_file_moves(Storage& storage, const RestoreTarget& target, const Manifest& manifest) {
  const std::filesystem::path home = target.database.parent_path();
  Places places(storage, home, target.letter_case);
  MovePlan plan;
  for (const ManifestEntry& entry : manifest.entries) {
    if (entry.name == manifest.database) continue;
    refuse_part_of_database(entry.name, target.database);
    if (places.has_file(entry.name)) add_with_sidecars(home, entry.name, plan);
    plan.in.push_back(entry.name);
  }
  for (const SideFile& file :
       side_files(storage, target.database, target.include, target.letter_case)) {
    add_with_sidecars(home, file.name, plan);
  }
  return plan;
}

std::vector<std::string> database_files(const std::filesystem::path& database) {
  MovePlan plan;
  add_with_sidecars(database.parent_path(), path_text(database.filename()), plan);
  return plan.out_names();
}

std::string free_name_aside(const std::filesystem::path& database, Time now) {
  std::string time = utc_text(now);
  std::erase_if(time, [](char letter) { return letter == '-' || letter == ':'; });
  const std::string name = path_text(database.filename()) + ".before-restore-" + time;
  for (int counter = 1;; ++counter) {
    std::string next = counter == 1 ? name : fmt::format("{}.{}", name, counter);
    if (!is_there(database.parent_path() / text_path(next))) return next;
  }
}

}  // namespace holdfast
