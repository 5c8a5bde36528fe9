#include "service/restore/database_page.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/database.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using Bytes = std::vector<std::byte>;

Bytes first_page(const std::string& pragmas) {
  const TemporaryFolder folder;
  make_database(folder.path() / "a.db", pragmas + "CREATE TABLE t (x); INSERT INTO t VALUES (1)");
  const std::string content = file_content(folder.path() / "a.db");
  const auto* bytes = reinterpret_cast<const std::byte*>(content.data());
  return {bytes, bytes + database_header(Page(bytes, 100)).page_size};
}

Bytes with(Bytes page, std::size_t place, int value) {
  page[place] = static_cast<std::byte>(value);
  return page;
}

TEST_CASE("Of a first page only what the application has made counts") {
  const Bytes page = first_page("");
  for (const std::size_t own : {18U, 19U, 24U, 27U, 28U, 31U, 40U, 43U, 92U, 99U}) {
    CAPTURE(own);
    const Bytes other = with(page, own, 77);
    CHECK(is_same_page(1, page, other));
    CHECK(page_hash(1, page) == page_hash(1, other));
    CHECK_FALSE(is_same_page(2, page, other));
    CHECK(page_hash(2, page) != page_hash(2, other));
  }
  for (const std::size_t content : {0U, 17U, 20U, 23U, 32U, 39U, 44U, 60U, 91U, 100U, 4095U}) {
    CAPTURE(content);
    const Bytes other = with(page, content, 77);
    CHECK_FALSE(is_same_page(1, page, other));
    CHECK(page_hash(1, page) != page_hash(1, other));
  }
  CHECK_FALSE(is_same_page(1, page, Page(page).first(1024)));
  CHECK_FALSE(is_same_page(2, page, {}));
}

TEST_CASE("What stands in the page of the locks does not count") {
  const Bytes one(4096, std::byte{1});
  const Bytes other(4096, std::byte{2});
  CHECK(is_lock_page(262'145, one));
  CHECK(is_same_page(262'145, one, other));
  CHECK_FALSE(is_same_page(262'144, one, other));
  CHECK_FALSE(is_same_page(262'146, one, other));
  CHECK(is_lock_page(16'385, Bytes(65536)));
  CHECK_FALSE(is_lock_page(1, {}));
}

TEST_CASE("The header of a database is read as SQLite wrote it") {
  using Vacuum = DatabaseHeader::Vacuum;
  CHECK(database_header(first_page("")).page_size == 4096);
  CHECK(database_header(first_page("PRAGMA page_size=512;")).page_size == 512);
  CHECK(database_header(first_page("PRAGMA page_size=65536;")).page_size == 65536);
  CHECK(database_header(first_page("")).vacuum == Vacuum::None);
  CHECK(database_header(first_page("PRAGMA auto_vacuum=FULL;")).vacuum == Vacuum::Full);
  CHECK(database_header(first_page("PRAGMA auto_vacuum=INCREMENTAL;")).vacuum ==
        Vacuum::Incremental);
  CHECK(database_header(first_page("")).encoding !=
        database_header(first_page("PRAGMA encoding='UTF-16';")).encoding);
  CHECK(database_header(first_page("PRAGMA schema_version=4711;")).schema_cookie == 4712);
  CHECK(database_header(Page()).page_size == 0);
}

TEST_CASE("Single pages fit only into a database that is laid out in the same way") {
  const DatabaseHeader plain{.page_size = 4096, .encoding = 1, .schema_cookie = 1};
  CHECK(can_take_single_pages(plain, plain));
  DatabaseHeader other = plain;
  other.schema_cookie = 7;
  CHECK(can_take_single_pages(plain, other));
  other.page_size = 1024;
  CHECK_FALSE(can_take_single_pages(plain, other));
  other = plain;
  other.reserved_bytes = 8;
  CHECK_FALSE(can_take_single_pages(plain, other));
  other = plain;
  other.vacuum = DatabaseHeader::Vacuum::Incremental;
  CHECK_FALSE(can_take_single_pages(plain, other));
  CHECK(can_take_single_pages(other, other));
  other.vacuum = DatabaseHeader::Vacuum::Full;
  CHECK_FALSE(can_take_single_pages(other, other));
}

TEST_CASE("A first page is written in the live database's own mode and with its own counters") {
  const Bytes live = first_page("PRAGMA schema_version=9;");
  const Bytes staged = first_page("PRAGMA user_version=5; PRAGMA schema_version=77;");
  const Bytes page = first_page_for(with(with(live, 18, 2), 19, 2), staged, 0x01020304);
  CHECK(is_same_page(1, page, staged));
  CHECK(page[18] == std::byte{2});
  CHECK(page[19] == std::byte{2});
  CHECK(database_header(page).schema_cookie == 10);
  CHECK(Bytes(page.begin() + 24, page.begin() + 28) == Bytes(live.begin() + 24, live.begin() + 28));
  CHECK(Bytes(page.begin() + 28, page.begin() + 32) ==
        Bytes{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}});
}

}  // namespace
}  // namespace holdfast
