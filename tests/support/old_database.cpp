#include "tests/support/old_database.h"

#include "service/archive/content_hash.h"
#include "service/backup/database_snapshot.h"
#include "tests/support/database.h"

namespace holdfast {

using namespace std::chrono_literals;

OldDatabase::OldDatabase(const std::filesystem::path& folder)
    : folder_(folder), database_(folder / "clinic.db") {}

BackupRequest OldDatabase::request() const {
  return {.dataset = "clinic",
          .database = database_,
          .destination = folder_ / "archives",
          .include = {"notes.txt", "vectors/**"},
          .host = "PC"};
}

std::string OldDatabase::mark() {
  date(database_);
  for (const std::string& name : files) date(folder_ / name);
  return current_change_mark(request(), storage_, SystemClock().now());
}

DatabaseState OldDatabase::state_without_file() const {
  const LiveDatabase live(database_);
  live.begin();
  DatabaseState state = database_state(live).value();
  state.file = {};
  return state;
}

std::string OldDatabase::content() const {
  ContentHash hash;
  DatabaseSnapshot snapshot(database_);
  snapshot.read_pages([&hash](std::span<const std::byte> page) { hash.add(page); });
  return hash.digits();
}

void OldDatabase::put(const std::string& content, Put how) const {
  if (how == Put::Into) return write_file(database_, content);
  write_file(folder_ / "new", content);
  std::filesystem::rename(folder_ / "new", database_);
}

void OldDatabase::date(const std::filesystem::path& path) {
  auto& dated = dated_[path];
  if (std::filesystem::last_write_time(path) == dated) return;
  dated = std::filesystem::file_time_type::clock::now() - 10h + std::chrono::seconds(++writes_);
  std::filesystem::last_write_time(path, dated);
  dated = std::filesystem::last_write_time(path);
}

}  // namespace holdfast
