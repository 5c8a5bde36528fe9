#include "service/agent/obstacles.h"

#include <catch2/catch_test_macros.hpp>

#include "common/path_text.h"
#include "service/backup/count_query.h"
#include "tests/support/database.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using Texts = std::vector<std::string>;

struct Practice {
  TemporaryFolder folder;
  DiskStorage storage;
  FakeClock clock{time_from("2026-11-20T10:00:00Z")};
  std::filesystem::path database = folder.path() / "clinic.db";
  DatasetState state{.key = "clinic",
                     .dataset = {.id = "clinic"},
                     .database = database,
                     .destination = folder.path() / "backups" / "clinic"};

  Practice() {
    const SqliteConnection made = open_database(database);
    execute(made.get(), "CREATE TABLE patient (name TEXT); INSERT INTO patient VALUES ('Anna')");
  }

  Texts found() { return obstacles(state, storage, clock); }
  std::string only_one() {
    const Texts all = found();
    REQUIRE(all.size() == 1);
    return all.front();
  }
};

TEST_CASE_METHOD(Practice, "Nothing is in the way of a sound dataset, and looking makes nothing") {
  state.dataset.counts = {{"patients", "SELECT count(*) FROM patient"}};
  state.dataset.triggers = {
      {.kind = Trigger::Kind::QueryChanges, .subject = "SELECT count(*) FROM patient"}};
  CHECK(found() == Texts{});
  CHECK_FALSE(std::filesystem::exists(state.destination.parent_path()));
  CHECK(storage.list(folder.path()).size() == 1);
}

TEST_CASE_METHOD(Practice,
                 "A database that is none is in the way, each kind with its own sentence") {
  const auto why = [this](const std::filesystem::path& path) {
    state.database = path;
    return only_one();
  };
  CHECK(why(folder.path() / "nothing.db").find("there is no such file") != std::string::npos);
  CHECK(why(folder.path()).find("it is a folder") != std::string::npos);
  write_file(folder.path() / "empty.db", "");
  CHECK(why(folder.path() / "empty.db").find("0 bytes long") != std::string::npos);
  write_file(folder.path() / "letter.db", std::string(4096, 'x'));
  CHECK(why(folder.path() / "letter.db").find("not an SQLite database") != std::string::npos);
  std::string random(8192, ' ');
  for (std::size_t i = 0; i < random.size(); ++i) random[i] = static_cast<char>(i * 167 + i / 256);
  write_file(folder.path() / "secret.db", random);
  CHECK(why(folder.path() / "secret.db").find("probably encrypted") != std::string::npos);
}

TEST_CASE_METHOD(Practice, "Each query that does not work is in the way") {
  state.dataset.counts = {{"deleted", "DELETE FROM patient"},
                          {"patients", "SELECT count(*) FROM patient"},
                          {"visits", "SELECT count(*) FROM visit"}};
  state.dataset.triggers = {
      {.kind = Trigger::Kind::QueryChanges, .subject = "SELECT max(id) FROM visit"}};
  const Texts all = found();
  REQUIRE(all.size() == 3);
  CHECK(all[0].find("\"deleted\"") != std::string::npos);
  CHECK(all[1].find("\"visits\": no such table: visit") != std::string::npos);
  CHECK(all[2].find("watched query") != std::string::npos);
  const SqliteConnection unchanged = open_database(database);
  CHECK(run_count(unchanged.get(), {"patients", "SELECT count(*) FROM patient"},
                  std::chrono::seconds(5)) == 1);
}

TEST_CASE_METHOD(Practice, "A destination that is a file is in the way, beside what else is") {
  state.destination = database;
  state.database = folder.path() / "nothing.db";
  const Texts all = found();
  REQUIRE(all.size() == 2);
  CHECK(all[0] == "Cannot back up to " + path_text(database) + ": " + path_text(database) +
                      " is a file, and no folder. Choose another destination.");
  CHECK(all[1].find("nothing.db") != std::string::npos);
}

TEST_CASE_METHOD(Practice, "What cannot be backed up as it is configured is told as it is") {
  state.fault = "The destination is the database's own folder.";
  CHECK(found() == Texts{state.fault});
}

}  // namespace
}  // namespace holdfast
