#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"
#include "service/backup/database_snapshot.h"
#include "tests/support/child_process.h"
#include "tests/support/database.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using std::filesystem::perms;

constexpr uid_t kNobody = 65534;

// Root may write everywhere: a test of what is refused runs as somebody else.
class AsOrdinaryUser {
 public:
  AsOrdinaryUser() : before_(::geteuid()) {
    if (before_ == 0 && ::seteuid(kNobody) != 0) throw std::runtime_error("seteuid failed");
  }
  AsOrdinaryUser(const AsOrdinaryUser&) = delete;
  AsOrdinaryUser& operator=(const AsOrdinaryUser&) = delete;
  ~AsOrdinaryUser() {
    if (::seteuid(before_) != 0) std::abort();
  }

 private:
  uid_t before_;
};

constexpr perms kReadOnlyFolder = perms::owner_read | perms::owner_exec | perms::group_read |
                                  perms::group_exec | perms::others_read | perms::others_exec;
constexpr perms kReadOnlyFile = perms::owner_read | perms::group_read | perms::others_read;

std::uint64_t pages_read(const std::filesystem::path& database) {
  const AsOrdinaryUser user;
  DatabaseSnapshot snapshot(database);
  std::uint64_t pages = 0;
  snapshot.read_pages([&pages](auto) { ++pages; });
  return pages;
}

ErrorCode refusal(const std::filesystem::path& database) {
  const AsOrdinaryUser user;
  try {
    const DatabaseSnapshot snapshot(database);
  } catch (const Error& error) {
    INFO(error.line());
    return error.code();
  }
  return ErrorCode::Internal;
}

TEST_CASE("A database that rests is read even where nothing can be written") {
  for (const std::string mode : {"wal", "delete"}) {
    CAPTURE(mode);
    const TemporaryFolder folder;
    const auto database = folder.path() / "clinic.db";
    make_database(database, "PRAGMA journal_mode=" + mode + "; CREATE TABLE t (a)");
    std::filesystem::permissions(database, kReadOnlyFile);
    std::filesystem::permissions(folder.path(), kReadOnlyFolder);
    CHECK(pages_read(database) == 2);
    std::filesystem::permissions(folder.path(), perms::owner_all);
    CHECK(folder_content(folder.path()).size() == 1);
  }
}

TEST_CASE("A WAL that cannot be read is never left out: the snapshot is refused") {
  const TemporaryFolder folder;
  const auto database = folder.path() / "clinic.db";
  make_database(database,
                "PRAGMA journal_mode=WAL; CREATE TABLE account (money, note);"
                "INSERT INTO account VALUES (1, '')");
  {
    ChildProcess writer("bank_writer");
    writer.write_line(database.native());
    writer.write_line("die_after_commit");
  }
  std::filesystem::remove(folder.path() / "clinic.db-shm");
  std::filesystem::permissions(folder.path(), kReadOnlyFolder);
  CHECK(refusal(database) == ErrorCode::AccessDenied);
  std::filesystem::permissions(folder.path(), perms::owner_all);
}

TEST_CASE("A database that may not be read is refused") {
  const TemporaryFolder folder;
  const auto database = folder.path() / "clinic.db";
  make_database(database, "CREATE TABLE t (a)");
  SECTION("the file") {
    std::filesystem::permissions(database, perms::none);
  }
  SECTION("the folder") {
    std::filesystem::permissions(folder.path(), perms::none);
  }
  CHECK(refusal(database) == ErrorCode::AccessDenied);
  std::filesystem::permissions(folder.path(), perms::owner_all);
}

TEST_CASE("Names that only this system allows, and links, lead to the database") {
  const TemporaryFolder folder;
  for (const std::string name : {"a?immutable=0.db", "a\\b.db", "a:b\"*.db", "?", "bad \xFF.db"}) {
    CAPTURE(name);
    const auto database = folder.path() / name;
    make_database(database, "PRAGMA journal_mode=WAL; CREATE TABLE t (a)");
    CHECK(DatabaseSnapshot(database).page_count() == 2);
    std::filesystem::remove(database);
  }
  const TemporaryFolder links;
  const auto database = folder.path() / "clinic.db";
  const auto link = links.path() / "link.db";
  std::filesystem::create_symlink(database, link);
  CHECK(refusal(link) == ErrorCode::NotFound);
  make_database(database, "PRAGMA journal_mode=WAL; CREATE TABLE t (a)");
  const SqliteConnection app = open_database(database);
  execute(app.get(), "CREATE TABLE u (a)");
  CHECK(DatabaseSnapshot(link).page_count() == 3);
  CHECK(folder_content(links.path()).size() == 1);
}

}  // namespace
}  // namespace holdfast
