#include <functional>
#include <optional>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"
#include "common/path_text.h"
#include "service/catalog/catalog.h"
#include "tests/support/database.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

const Time kNow = time_from("2026-11-20T10:00:00Z");

ArchiveRecord archive(const std::string& name) {
  return {.dataset = "clinic",
          .destination = "E:\\",
          .file_name = name,
          .taken_at = kNow,
          .counts = {{"patients", 7}, {"visits", 8}}};
}

// All that a catalog says.
struct Content {
  std::vector<RunRecord> runs;
  std::vector<ArchiveRecord> archives;
  DatasetRecord dataset;

  bool operator==(const Content&) const = default;
};

Content content(Catalog& catalog) {
  return {catalog.runs({.limit = 100}), catalog.archives("clinic"),
          catalog.dataset("clinic", kNow)};
}

// Each changes several tables, and none may be seen in part.
const std::function<void(Catalog&)> kChanges[] = {
    [](Catalog& catalog) {
      catalog.end_run(catalog.runs({.limit = 1}).front().id, {kNow, RunOutcome::Verified},
                      archive("new.zip"));
    },
    [](Catalog& catalog) {
      ArchiveRecord changed = archive("a.zip");
      changed.bytes = 99;
      changed.counts = {{"patients", 1}};
      catalog.reconcile("clinic", "E:\\", std::vector{changed, archive("c.zip")});
    },
    [](Catalog& catalog) {
      catalog.save({.dataset = "clinic",
                    .known_since = kNow,
                    .damage = "x",
                    .drops = {{"a", 2, 1}},
                    .good_counts = {{"b", 1}}});
    },
    [](Catalog& catalog) { catalog.begin_run({.dataset = "clinic", .started_at = kNow}); },
    [](Catalog& catalog) { catalog.forget(archive("a.zip")); },
    [](Catalog& catalog) { catalog.end_interrupted_runs(kNow); }};

void fill(const std::filesystem::path& file) {
  Catalog catalog(file, kNow);
  catalog.save({.dataset = "clinic",
                .known_since = kNow,
                .drops = {{"a", 3, 2}},
                .good_counts = {{"a", 1}}});
  catalog.reconcile("clinic", "E:\\", std::vector{archive("a.zip"), archive("b.zip")});
  catalog.begin_run({.dataset = "clinic", .started_at = kNow});
}

TEST_CASE("A disk that is full or fails at any step leaves the catalog as it was, and says so") {
  struct Fault {
    int result;
    ErrorCode code;
  };
  for (const Fault& fault : {Fault{SQLITE_FULL, ErrorCode::DiskFull},
                             Fault{SQLITE_IOERR_WRITE, ErrorCode::SystemCallFailed}}) {
    for (const auto& change : kChanges) {
      int failures = 0;
      for (int failing = 0;; ++failing) {
        REQUIRE(failing < 200);
        const TemporaryFolder folder;
        const auto file = folder.path() / "catalog.db";
        fill(file);
        int left = -1;
        const FaultyVfs vfs([&] { return left-- == 0 ? fault.result : SQLITE_OK; });
        Catalog catalog(file, kNow);
        const Content before = content(catalog);
        std::optional<ErrorCode> failure;
        left = failing;
        try {
          change(catalog);
        } catch (const Error& error) {
          failure = error.code();
          CHECK(std::string(error.what()).find(path_text(file)) != std::string::npos);
          CHECK_FALSE(error.action().empty());
        }
        const bool was_met = left < 0;
        left = -1;
        CAPTURE(fault.result, failing);
        const Content after = content(catalog);
        CHECK((after == before) == failure.has_value());
        if (failure) CHECK(*failure == fault.code);
        failures += failure ? 1 : 0;
        // It goes on once there is room, and is whole.
        if (failure) change(catalog);
        CHECK_FALSE(content(catalog) == before);
        if (!was_met) break;
      }
      CHECK(failures > 0);
    }
  }
}

TEST_CASE("A disk that fails while a catalog is made leaves one that can be opened again") {
  for (int failing = 0;; ++failing) {
    REQUIRE(failing < 200);
    CAPTURE(failing);
    const TemporaryFolder folder;
    const auto file = folder.path() / "catalog.db";
    int left = failing;
    const FaultyVfs vfs([&] { return left-- == 0 ? SQLITE_FULL : SQLITE_OK; });
    try {
      const Catalog catalog(file, kNow);
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::DiskFull);
    }
    const bool was_met = left < 0;
    left = -1;
    CHECK(Catalog(file, kNow).begun_anew().empty());
    if (!was_met) break;
  }
}

TEST_CASE("A catalog that another program has locked says so, and goes on afterwards") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "catalog.db";
  fill(file);
  Catalog catalog(file, kNow);
  const auto busy = [&](const std::function<void()>& call) {
    try {
      call();
      FAIL("nothing was thrown");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::DatabaseBusy);
      CHECK(std::string(error.what()).find("another program has locked it") != std::string::npos);
    }
  };
  {
    const SqliteConnection other = open_database(file);
    execute(other.get(), "BEGIN IMMEDIATE");
    busy([&] { catalog.begin_run({.dataset = "clinic"}); });
    CHECK(catalog.runs({.limit = 9}).size() == 1);
  }
  catalog.begin_run({.dataset = "clinic"});
  CHECK(catalog.runs({.limit = 9}).size() == 2);
}

TEST_CASE("A catalog that cannot be made says where and why") {
  const TemporaryFolder folder;
  for (const auto& file : {folder.path() / "no such folder" / "catalog.db", folder.path()}) {
    try {
      const Catalog catalog(file, kNow);
      FAIL("nothing was thrown");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::AccessDenied);
      CHECK(std::string(error.what()).find(path_text(file)) != std::string::npos);
      CHECK_FALSE(error.action().empty());
    }
  }
}

TEST_CASE("What SQLite says of the catalog becomes a code to branch on") {
  struct Row {
    int result;
    ErrorCode code;
  };
  for (const Row& row :
       {Row{SQLITE_BUSY, ErrorCode::DatabaseBusy},
        Row{SQLITE_BUSY_SNAPSHOT, ErrorCode::DatabaseBusy},
        Row{SQLITE_CORRUPT, ErrorCode::DatabaseDamaged},
        Row{SQLITE_CORRUPT_INDEX, ErrorCode::DatabaseDamaged},
        Row{SQLITE_NOTADB, ErrorCode::DatabaseDamaged},
        Row{SQLITE_ERROR, ErrorCode::DatabaseDamaged},
        Row{SQLITE_CONSTRAINT_PRIMARYKEY, ErrorCode::DatabaseDamaged},
        Row{SQLITE_FULL, ErrorCode::DiskFull}, Row{SQLITE_READONLY, ErrorCode::AccessDenied},
        Row{SQLITE_CANTOPEN, ErrorCode::AccessDenied},
        Row{SQLITE_IOERR_READ, ErrorCode::SystemCallFailed},
        Row{SQLITE_NOMEM, ErrorCode::SystemCallFailed}}) {
    CAPTURE(row.result);
    const Error error = catalog_failure("/data/catalog.db", row.result, nullptr);
    CHECK(error.code() == row.code);
    CHECK(std::string(error.what()).find("/data/catalog.db") != std::string::npos);
    CHECK_FALSE(error.action().empty());
  }
}

}  // namespace
}  // namespace holdfast
