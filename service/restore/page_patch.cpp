#include "service/restore/page_patch.h"

#include <sqlite3.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace holdfast {
namespace {

constexpr const char* kPut = "INSERT INTO sqlite_dbpage(pgno, data) VALUES (?, ?)";

}  // namespace

PagePatch::PagePatch(sqlite3* live, StagedPages staged, const PageDifference* known,
                     SqliteFailure failure)
    : live_(live), staged_(std::move(staged)), known_(known), failure_(std::move(failure)) {
  run("BEGIN EXCLUSIVE");
}

PagePatch::~PagePatch() {
  // SQLite may have undone it already; then there is nothing to roll back.
  if (!is_committed_) ::sqlite3_exec(live_, "ROLLBACK", nullptr, nullptr, nullptr);
}

void PagePatch::write() {
  const auto live_count = static_cast<std::uint32_t>(number("PRAGMA page_count"));
  if (write_all_but_first(live_count)) write_first(live_count);
}

void PagePatch::commit() {
  run("COMMIT");
  is_committed_ = true;
}

// Whether anything differs, the first page too.
bool PagePatch::write_all_but_first(std::uint32_t live_count) {
  const bool is_known = known_ != nullptr && known_->count() == live_count;
  bool differs = is_known ? write_known(live_count) : write_differing(live_count);
  if (live_count != staged_.count()) differs = true;
  SqliteQuery put(live_, kPut, failure_);
  for (std::uint32_t number = live_count + 1; number <= staged_.count(); ++number) {
    const Page restored = staged_.page(number);
    if (!is_lock_page(number, restored)) put.with(std::int64_t{number}, restored).run();
  }
  return differs;
}

bool PagePatch::write_differing(std::uint32_t live_count) {
  bool differs = false;
  SqliteQuery put(live_, kPut, failure_);
  SqliteQuery live(live_, "SELECT data FROM sqlite_dbpage", failure_);
  for (std::uint32_t number = 1; number <= std::min(live_count, staged_.count()); ++number) {
    if (!live.next_row()) break;
    if (replace(put, number, live.bytes(0))) differs = true;
  }
  return differs;
}

bool PagePatch::write_known(std::uint32_t live_count) {
  bool differs = false;
  SqliteQuery put(live_, kPut, failure_);
  SqliteQuery live(live_, "SELECT data FROM sqlite_dbpage WHERE pgno = ?", failure_);
  for (std::uint32_t number = 1; number <= std::min(live_count, staged_.count()); ++number) {
    if (!known_->differs(number)) continue;
    live.with(std::int64_t{number});
    if (live.next_row() && replace(put, number, live.bytes(0))) differs = true;
  }
  return differs;
}

// Whether the page differs. The first one is left to write_first().
bool PagePatch::replace(SqliteQuery& put, std::uint32_t number, Page before) {
  if (staged_.is_same(number, before)) return false;
  const Page restored = staged_.page(number);
  if (witnesses_.size() < kMostWitnesses) {
    witnesses_.push_back({.number = number,
                          .before = page_hash(number, before),
                          .restored = page_hash(number, restored)});
  }
  if (number != 1) put.with(std::int64_t{number}, restored).run();
  return true;
}

// The cookie goes last, and not as bytes of the page: once it has changed, SQLite would read the
// schema anew before it follows another statement.
void PagePatch::write_first(std::uint32_t live_count) {
  SqliteQuery put(live_, kPut, failure_);
  std::uint32_t cookie = 0;
  {
    SqliteQuery first(live_, "SELECT data FROM sqlite_dbpage WHERE pgno = 1", failure_);
    first.next_row();
    const Page before = first.bytes(0);
    cookie = database_header(before).schema_cookie;
    const std::vector<std::byte> page = first_page_for(before, staged_.page(1), staged_.count());
    put.with(std::int64_t{1}, Page(page)).run();
  }
  if (live_count > staged_.count()) {
    // Cuts off this page and those behind it, when it is committed.
    put.with(std::int64_t{staged_.count()} + 1, std::optional<std::int64_t>()).run();
  }
  run("PRAGMA schema_version = " + std::to_string(static_cast<std::int32_t>(cookie + 1)));
}

std::int64_t PagePatch::number(const char* sql) const {
  SqliteQuery query(live_, sql, failure_);
  return query.next_row() ? query.number(0) : 0;
}

void PagePatch::run(const std::string& sql) const {
  const int result = ::sqlite3_exec(live_, sql.c_str(), nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) throw failure_(result);
}

}  // namespace holdfast
