#include "tests/support/restored_practice.h"

#include <catch2/catch_test_macros.hpp>

#include "common/path_text.h"
#include "tests/support/database.h"

namespace holdfast {

RestoredPractice::RestoredPractice(const std::string& journal_mode, const std::string& pragmas) {
  std::filesystem::create_directories(data() / "images");
  make_database(database(),
                pragmas + "PRAGMA journal_mode=" + journal_mode +
                    "; CREATE TABLE visit (id INTEGER PRIMARY KEY, note TEXT);"
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)"
                    "INSERT INTO visit SELECT i, hex(randomblob(100)) FROM n;");
  write_file(data() / "settings.json", "first");
  write_file(data() / "lost.json", "lost");
  write_file(data() / "images" / "a.png", "a");
  make_database(data() / "images" / "index.db",
                "CREATE TABLE image (name); "
                "INSERT INTO image VALUES ('a')");
  request.target = {.database = database(),
                    .include = {"images/**", "*.json"},
                    .counts = {{"visits", "SELECT count(*) FROM visit"}}};
  request.safety = {.dataset = "clinic",
                    .database = database(),
                    .destination = safety(),
                    .include = request.target.include,
                    .reason = "before a restore",
                    .host = "PC-1",
                    .user = "ann",
                    .retries = 0};
  archive = back_up();
  before = state();
}

std::filesystem::path RestoredPractice::back_up() {
  BackupRequest backup = request.safety;
  backup.destination = folder.path() / "backups";
  backup.counts = request.target.counts;
  clock.advance(std::chrono::seconds(60));
  return run_backup(backup, storage, clock, {}, {}).archive;
}

void RestoredPractice::change() const {
  execute(open_database(database()).get(),
          "DELETE FROM visit WHERE id % 3 = 0; UPDATE visit SET note = 'changed' WHERE id < 50;"
          "CREATE TABLE recent (x); INSERT INTO recent VALUES (1);");
  execute(open_database(data() / "images" / "index.db").get(), "INSERT INTO image VALUES ('b')");
  write_file(data() / "settings.json", "second");
  write_file(data() / "images" / "b.png", "b");
  std::filesystem::remove(data() / "lost.json");
  std::filesystem::remove_all(folder.path() / "changed");
  std::filesystem::copy(data(), folder.path() / "changed",
                        std::filesystem::copy_options::recursive);
}

void RestoredPractice::become_changed() const {
  std::filesystem::remove_all(data());
  std::filesystem::copy(folder.path() / "changed", data(),
                        std::filesystem::copy_options::recursive);
}

RestoredPractice::State RestoredPractice::state() const {
  State state;
  {
    const SqliteConnection connection = open_database(database());
    REQUIRE(ask(connection.get(), "PRAGMA integrity_check") == "ok");
    state["visits"] = ask(connection.get(),
                          "SELECT group_concat(note) FROM (SELECT note FROM visit ORDER BY id)");
    state["tables"] = ask(connection.get(), "SELECT group_concat(name) FROM sqlite_schema");
  }
  {
    const SqliteConnection index = open_database(data() / "images" / "index.db");
    state["index"] = ask(index.get(), "SELECT group_concat(name) FROM image");
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data())) {
    const std::string name = std::filesystem::relative(entry.path(), data()).generic_string();
    if (entry.is_regular_file() && !name.starts_with("clinic.db") && !name.ends_with(".db")) {
      state[name] = file_content(entry.path());
    }
  }
  return state;
}

RestoreResult RestoredPractice::restore(const std::filesystem::path& from) {
  clock.advance(std::chrono::seconds(60));
  request.archive = from;
  return run_restore(request, storage, clock, {}, {});
}

Error RestoredPractice::failure() {
  try {
    restore();
  } catch (const Error& error) {
    return error;
  }
  FAIL("It was restored.");
  return {ErrorCode::Internal, "", ""};
}

}  // namespace holdfast
