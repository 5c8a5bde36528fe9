#include "service/catalog/open_catalog.h"

#include <algorithm>
#include <array>
#include <random>
#include <set>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"
#include "common/path_text.h"
#include "service/catalog/catalog.h"
#include "service/catalog/catalog_schema.h"
#include "tests/support/database.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

const Time kNow = time_from("2026-11-20T10:43:53Z");
constexpr const char* kAside = "catalog.db.2026-11-20T104353Z.damaged";

class Place {
 public:
  const std::filesystem::path& folder() const { return folder_.path(); }
  std::filesystem::path file() const { return folder() / "catalog.db"; }
  std::filesystem::path at(const std::string& name) const { return folder() / text_path(name); }

  std::set<std::string> names() const {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder())) {
      names.insert(path_text(entry.path().filename()));
    }
    return names;
  }

  // A catalog with something in it, closed again.
  void fill() const {
    Catalog catalog(file(), kNow);
    catalog.dataset("clinic", kNow);
    for (int i = 0; i < 100; ++i) {
      const std::int64_t run = catalog.begin_run(
          {.dataset = "clinic", .cause = "schedule", .reason = "r" + std::to_string(i)});
      catalog.end_run(run, {.ended_at = kNow, .outcome = RunOutcome::Verified},
                      {.dataset = "clinic",
                       .destination = "E:\\",
                       .file_name = std::to_string(i),
                       .taken_at = kNow,
                       .counts = {{"patients", i}}});
    }
    catalog.save({.dataset = "clinic", .drops = {{"a", 1, 2}}, .good_counts = {{"a", 1}}});
  }

  void change(const std::string& sql) const { execute(open_database(file()).get(), sql); }

  // What a sudden end leaves: the change is in the WAL, and no more than that.
  void change_in_wal(const std::string& sql) const {
    const SqliteConnection connection = open_database(file());
    ::sqlite3_db_config(connection.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
                        static_cast<int*>(nullptr));
    execute(connection.get(), sql);
  }

  std::string ask_aside(const std::string& sql) const {
    return ask(open_database(at(kAside)).get(), sql);
  }

 private:
  TemporaryFolder folder_;
};

void check_begun_anew(const Place& place, const std::string& why) {
  Catalog catalog(place.file(), kNow);
  CAPTURE(catalog.begun_anew());
  CHECK(catalog.begun_anew().find(why) != std::string::npos);
  CHECK(catalog.begun_anew().find(kAside) != std::string::npos);
  CHECK(catalog.archives("clinic").empty());
  CHECK(catalog.runs({.limit = 9}).empty());
  catalog.begin_run({.dataset = "clinic"});
  CHECK(Catalog(place.file(), kNow).begun_anew().empty());
}

TEST_CASE("A catalog is made where there is none, out of nothing or an empty file") {
  const Place place;
  CHECK(Catalog(place.file(), kNow).begun_anew().empty());
  CHECK(place.names() == std::set<std::string>{"catalog.db"});
  std::filesystem::remove(place.file());
  write_file(place.file(), "");
  CHECK(Catalog(place.file(), kNow).begun_anew().empty());
  CHECK(place.names() == std::set<std::string>{"catalog.db"});
}

TEST_CASE("The catalog is in WAL mode while it is open, and one file when it is closed") {
  const Place place;
  {
    const Catalog catalog(place.file(), kNow);
    CHECK(ask(open_database(place.file()).get(), "PRAGMA journal_mode") == "wal");
    CHECK(ask(open_database(place.file()).get(), "PRAGMA user_version") ==
          std::to_string(catalog_steps().size()));
  }
  CHECK(place.names() == std::set<std::string>{"catalog.db"});
}

TEST_CASE("What is no catalog, or of a newer version, is moved aside as it is") {
  SECTION("a newer version") {
    const Place place;
    place.fill();
    place.change("CREATE TABLE later (a); PRAGMA user_version=99");
    const std::string before = file_content(place.file());
    check_begun_anew(place, "is of version 99, and this Holdfast knows version 4.");
    CHECK((file_content(place.at(kAside)) == before));
  }
  SECTION("another database") {
    const Place place;
    make_database(place.file(), "CREATE TABLE visit (a); INSERT INTO visit VALUES (7)");
    const std::string before = file_content(place.file());
    check_begun_anew(place, "is no catalog.");
    CHECK((file_content(place.at(kAside)) == before));
  }
  SECTION("no database") {
    const Place place;
    write_file(place.file(), "These are some notes about the catalog, in plain text.");
    check_begun_anew(place, "is damaged: file is not a database.");
    CHECK(file_content(place.at(kAside)).starts_with("These are"));
  }
  SECTION("a version below none") {
    const Place place;
    place.change("PRAGMA user_version=-7");
    check_begun_anew(place, "is no catalog.");
  }
}

TEST_CASE("A catalog that holds what none holds is moved aside") {
  const std::array<std::string, 20> changes{
      "DROP TABLE archive_count",
      "DROP INDEX run_of_dataset",
      "ALTER TABLE run ADD COLUMN more TEXT",
      "CREATE TRIGGER t AFTER INSERT ON run BEGIN DELETE FROM archive; END",
      "UPDATE run SET outcome = 'verifiee' WHERE id = 7",
      "UPDATE run SET kind = '' WHERE id = 7",
      "UPDATE run SET outcome = 'running' WHERE id = 7",
      "UPDATE run SET ended_at = NULL WHERE id = 7",
      "UPDATE run SET started_at = 9223372036854775807 WHERE id = 7",
      "UPDATE run SET id = 9223372036854775807 WHERE id = 7",
      "UPDATE run SET reason = CAST(x'C3' AS TEXT) WHERE id = 7",
      "UPDATE archive SET bytes = -1 WHERE id = 7",
      "UPDATE archive SET state = 'good' WHERE id = 7",
      "UPDATE archive SET sequence = 9223372036854775807 WHERE id = 7",
      "UPDATE archive_count SET name = CAST(x'FF' AS TEXT) WHERE archive = 7",
      "PRAGMA foreign_keys=0; UPDATE archive_count SET archive = 700 WHERE archive = 7",
      "UPDATE sequence SET last = 9223372036854775807",
      "DELETE FROM sequence",
      "UPDATE dataset SET known_since = -9223372036854775807",
      "UPDATE count_drop SET name = CAST(x'FF' AS TEXT)"};
  const Place good;
  good.fill();
  for (const std::string& sql : changes) {
    CAPTURE(sql);
    const Place place;
    std::filesystem::copy_file(good.file(), place.file());
    place.change(sql);
    check_begun_anew(place, "is damaged: ");
    CHECK(place.ask_aside("SELECT count(*) FROM run") == "100");
  }
}

TEST_CASE("A sequence that was lost count of goes on after the highest there is") {
  const Place place;
  place.fill();
  place.change("UPDATE sequence SET last = 3");
  Catalog catalog(place.file(), kNow);
  CHECK(catalog.begun_anew().empty());
  catalog.end_run(catalog.begin_run({.dataset = "clinic"}), {.outcome = RunOutcome::Verified},
                  {.dataset = "clinic", .file_name = "new", .taken_at = kNow});
  CHECK(catalog.archives("clinic").front().sequence == 101);
}

TEST_CASE("What is in the WAL after a sudden end is in the catalog") {
  const Place place;
  place.fill();
  place.change_in_wal("UPDATE run SET reason = 'in the WAL'");
  REQUIRE(std::filesystem::file_size(place.at("catalog.db-wal")) > 0);
  const Catalog catalog(place.file(), kNow);
  CHECK(catalog.begun_anew().empty());
  CHECK(catalog.runs({.dataset = "clinic", .limit = 1}).front().reason == "in the WAL");
}

TEST_CASE("A damaged catalog takes its WAL with it, and the new one does not read that") {
  const Place place;
  place.fill();
  place.change_in_wal("PRAGMA user_version=99");
  REQUIRE(std::filesystem::file_size(place.at("catalog.db-wal")) > 0);
  check_begun_anew(place, "is of version 99");
  CHECK(std::filesystem::file_size(place.at(std::string(kAside) + "-wal")) > 0);
  CHECK_FALSE(std::filesystem::exists(place.at("catalog.db-wal")));
  CHECK(place.ask_aside("PRAGMA user_version") == "99");
  CHECK(place.ask_aside("SELECT count(*) FROM run") == "100");
}

TEST_CASE("What is left of a catalog that was moved aside in part is moved aside too") {
  const Place place;
  write_file(place.at("catalog.db-wal"), "an old WAL");
  write_file(place.at("catalog.db-shm"), "and its index");
  check_begun_anew(place, "is gone but for a part of it.");
  CHECK(file_content(place.at(std::string(kAside) + "-wal")) == "an old WAL");
}

TEST_CASE("Of what was moved aside the newest three stay, and nothing else is touched") {
  const Place place;
  const std::set<std::string> others{
      "catalog.db.txt",          "catalog.db.damaged",      "catalog.db.old.damaged",
      "my-catalog.db.1.damaged", "catalog.db.1.damaged-me", "other.db.2026-11-20T104353Z.damaged"};
  for (const std::string& name : others) write_file(place.at(name), "precious");
  std::filesystem::create_directory(place.at("catalog.db.2000-01-01T000000Z.damaged"));
  std::set<std::string> made;
  // The clock is put back before the last.
  for (const Time time : {kNow, kNow, kNow + 1h, kNow + 2h, kNow - 9h}) {
    const std::set<std::string> before = place.names();
    write_file(place.file(), "no database, number " + std::to_string(made.size()));
    write_file(place.at("catalog.db-wal"), "its WAL");
    const Catalog catalog(place.file(), time);
    for (const std::string& name : place.names()) {
      if (!before.contains(name) && name.ends_with(".damaged")) made.insert(name);
    }
  }
  CHECK(made.size() == 5);
  const std::set<std::string> left = place.names();
  for (const std::string& name : others) CHECK(left.contains(name));
  const std::set<std::string> newest{"catalog.db.2026-11-20T014353Z.damaged",
                                     "catalog.db.2026-11-20T114353Z.damaged",
                                     "catalog.db.2026-11-20T124353Z.damaged"};
  for (const std::string& name : left) {
    if (!name.starts_with("catalog.db.2026")) continue;
    CAPTURE(name);
    CHECK(newest.contains(name.substr(0, name.find("damaged") + 7)));
  }
  for (const std::string& name : newest) {
    CHECK(left.contains(name));
    CHECK(left.contains(name + "-wal"));
  }
}

TEST_CASE("Steps that are missing are taken, each at once, and what there was stays") {
  const Place place;
  const std::array<std::string_view, 3> steps{
      "CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (7);",
      "ALTER TABLE a ADD COLUMN y INTEGER; UPDATE a SET y = 2 * x;",
      "CREATE TABLE b (z TEXT) STRICT; INSERT INTO b SELECT y FROM a;"};
  const std::span<const std::string_view> all = steps;
  CatalogDatabase database(place.file());
  database.make_writable();
  CHECK(catalog_version(database, all) == 0);
  for (const std::size_t known : {std::size_t{1}, std::size_t{2}, std::size_t{3}}) {
    migrate(database, all.first(known));
    CHECK(catalog_version(database, all) == static_cast<int>(known));
    migrate(database, all.first(known));
  }
  CHECK(ask(open_database(place.file()).get(), "SELECT z FROM b") == "14");

  const std::array<std::string_view, 4> broken{
      steps[0], steps[1], steps[2], "CREATE TABLE c (x); INSERT INTO nothing VALUES (1);"};
  CHECK_THROWS_AS(migrate(database, broken), Error);
  CHECK(catalog_version(database, broken) == 3);
  CHECK(ask(open_database(place.file()).get(), "SELECT count(*) FROM sqlite_schema") == "2");

  // An older Holdfast, and one whose steps were others.
  CHECK_THROWS_AS(catalog_version(database, all.first(2)), Error);
  const std::array<std::string_view, 3> others{steps[0], steps[1], "CREATE TABLE b (w TEXT);"};
  CHECK_THROWS_AS(catalog_version(database, others), Error);
}

TEST_CASE("What an earlier version knew of archives stays, and tells nothing of the cloud") {
  const Place place;
  {
    CatalogDatabase database(place.file());
    database.make_writable();
    migrate(database, catalog_steps().first(2));
    database.run(
        "INSERT INTO archive VALUES (1, 'clinic', 'E:', 'a.zip', 'holdfast', 'backup', 'PC', 7, 1, "
        "5, 'verified', 8, '', '', '', '', NULL, NULL)");
  }
  const Catalog catalog(place.file(), kNow);
  CHECK(catalog.begun_anew().empty());
  CHECK(catalog.archives("clinic") ==
        std::vector<ArchiveRecord>{{.dataset = "clinic",
                                    .destination = "E:",
                                    .file_name = "a.zip",
                                    .host = "PC",
                                    .taken_at = Time(std::chrono::seconds(7)),
                                    .bytes = 1,
                                    .sequence = 5,
                                    .check = ArchiveFacts::Check::Verified,
                                    .checked_at = Time(std::chrono::seconds(8))}});
}

TEST_CASE("What an earlier version knew of a dataset stays, and no wait for the cloud is known") {
  const Place place;
  {
    CatalogDatabase database(place.file());
    database.make_writable();
    migrate(database, catalog_steps().first(3));
    database.run("INSERT INTO dataset VALUES ('clinic', 7, 'damaged', 'mark', 'a.zip', 8, 9)");
  }
  Catalog catalog(place.file(), kNow);
  CHECK(catalog.begun_anew().empty());
  const DatasetRecord record = catalog.dataset("clinic", kNow);
  CHECK(record == DatasetRecord{.dataset = "clinic",
                                .known_since = Time(std::chrono::seconds(7)),
                                .damage = "damaged",
                                .change_mark = "mark",
                                .marked_archive = "a.zip",
                                .checked_at = Time(std::chrono::seconds(8)),
                                .drill_tried_at = Time(std::chrono::seconds(9))});
}

// Whatever can be asked of a catalog and done with it; throws what it throws.
void use(Catalog& catalog) {
  catalog.dataset("clinic", kNow);
  catalog.runs({.limit = 1000});
  catalog.summary("clinic");
  const auto archives = catalog.archives("clinic");
  catalog.end_interrupted_runs(kNow);
  const std::int64_t run = catalog.begin_run({.dataset = "clinic"});
  catalog.end_run(run, {.ended_at = kNow, .outcome = RunOutcome::Verified},
                  {.dataset = "clinic", .file_name = "new", .taken_at = kNow});
  catalog.reconcile("clinic", "E:\\", archives);
  if (!archives.empty()) catalog.update(archives.back());
  catalog.save({.dataset = "clinic"});
}

void flip_bytes(const std::filesystem::path& file, std::mt19937& random) {
  std::string content = file_content(file);
  switch (random() % 5) {
    case 0: content.resize(random() % content.size()); break;
    case 1: content += std::string(random() % 5000, 'x'); break;
    case 2:
      for (int i = 0; i < 512; ++i) content[random() % content.size()] = '\0';
      break;
    // The header, of the file or of a page.
    case 3: content[(random() % (content.size() / 4096)) * 4096 + random() % 100] ^= 0x20; break;
    default:
      for (unsigned flips = random() % 8 + 1; flips > 0; --flips) {
        content[random() % content.size()] ^= static_cast<char>(1U << random() % 8);
      }
  }
  write_file(file, content);
}

TEST_CASE("A catalog that is damaged anywhere works, or is begun anew") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const Place good;
  good.fill();
  int anew = 0;
  for (int round = 0; round < 300; ++round) {
    CAPTURE(round);
    const Place place;
    std::filesystem::copy_file(good.file(), place.file());
    flip_bytes(place.file(), random);
    Catalog catalog(place.file(), kNow);
    use(catalog);
    anew += catalog.begun_anew().empty() ? 0 : 1;
    CHECK(std::filesystem::exists(place.at(kAside)) == !catalog.begun_anew().empty());
  }
  CHECK(anew > 100);
}

TEST_CASE("A catalog whose header is damaged at any byte works, or is begun anew") {
  const Place good;
  { const Catalog catalog(good.file(), kNow); }
  const std::string content = file_content(good.file());
  for (std::size_t at = 0; at < 100; ++at) {
    for (const char value : {'\0', '\3', '\xFF'}) {
      CAPTURE(at, static_cast<int>(value));
      std::string damaged = content;
      damaged[at] = value;
      const Place place;
      write_file(place.file(), damaged);
      Catalog catalog(place.file(), kNow);
      use(catalog);
    }
  }
}

TEST_CASE("A catalog whose WAL is damaged anywhere works, or is begun anew") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const Place good;
  good.fill();
  good.change_in_wal("UPDATE run SET reason = 'in the WAL'; UPDATE archive SET bytes = 7");
  for (int round = 0; round < 60; ++round) {
    CAPTURE(round);
    const Place place;
    for (const std::string name : {"catalog.db", "catalog.db-wal"}) {
      std::filesystem::copy_file(good.at(name), place.at(name));
    }
    flip_bytes(place.at("catalog.db-wal"), random);
    Catalog catalog(place.file(), kNow);
    use(catalog);
  }
}

TEST_CASE("Damage that comes while the catalog is open is told by the call that meets it") {
  const Place place;
  place.fill();
  Catalog catalog(place.file(), kNow);
  place.change("UPDATE sqlite_dbpage SET data = randomblob(4096) WHERE pgno > 1");
  try {
    use(catalog);
    FAIL("nothing was thrown");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::DatabaseDamaged);
    CHECK(std::string(error.what()).find(path_text(place.file())) != std::string::npos);
    CHECK_FALSE(error.action().empty());
  }
}

}  // namespace
}  // namespace holdfast
