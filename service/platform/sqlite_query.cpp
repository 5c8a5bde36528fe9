#include "service/platform/sqlite_query.h"

#include <utility>

namespace holdfast {

SqliteQuery::SqliteQuery(sqlite3* connection, std::string_view sql, SqliteFailure failure)
    : failure_(std::move(failure)) {
  sqlite3_stmt* statement = nullptr;
  const int result = ::sqlite3_prepare_v2(connection, sql.data(), static_cast<int>(sql.size()),
                                          &statement, nullptr);
  statement_.reset(statement);
  check(result);
}

bool SqliteQuery::next_row() {
  const int result = ::sqlite3_step(statement_.get());
  if (result != SQLITE_ROW && result != SQLITE_DONE) throw failure_(result);
  return result == SQLITE_ROW;
}

void SqliteQuery::run() {
  while (next_row()) continue;
}

std::string SqliteQuery::text(int column) const {
  const unsigned char* value = ::sqlite3_column_text(statement_.get(), column);
  const auto length = static_cast<std::size_t>(::sqlite3_column_bytes(statement_.get(), column));
  return value == nullptr ? std::string() : std::string(value, value + length);
}

std::int64_t SqliteQuery::number(int column) const {
  return ::sqlite3_column_int64(statement_.get(), column);
}

std::optional<std::int64_t> SqliteQuery::optional_number(int column) const {
  if (::sqlite3_column_type(statement_.get(), column) == SQLITE_NULL) return std::nullopt;
  return number(column);
}

std::span<const std::byte> SqliteQuery::bytes(int column) const {
  const void* value = ::sqlite3_column_blob(statement_.get(), column);
  const auto length = static_cast<std::size_t>(::sqlite3_column_bytes(statement_.get(), column));
  return {static_cast<const std::byte*>(value), value == nullptr ? 0 : length};
}

// What a reset returns is what the last step did, which was thrown already.
void SqliteQuery::restart() {
  ::sqlite3_reset(statement_.get());
  ::sqlite3_clear_bindings(statement_.get());
}

void SqliteQuery::bind(int place, std::string_view text) {
  // An empty view may point nowhere, which would be NULL.
  check(::sqlite3_bind_text64(statement_.get(), place, text.empty() ? "" : text.data(), text.size(),
                              SQLITE_TRANSIENT, SQLITE_UTF8));
}

void SqliteQuery::bind(int place, std::int64_t number) {
  check(::sqlite3_bind_int64(statement_.get(), place, number));
}

void SqliteQuery::bind(int place, const std::optional<std::int64_t>& number) {
  check(number ? ::sqlite3_bind_int64(statement_.get(), place, *number)
               : ::sqlite3_bind_null(statement_.get(), place));
}

void SqliteQuery::bind(int place, std::span<const std::byte> bytes) {
  check(
      ::sqlite3_bind_blob64(statement_.get(), place, bytes.data(), bytes.size(), SQLITE_TRANSIENT));
}

void SqliteQuery::check(int result) const {
  if (result != SQLITE_OK) throw failure_(result);
}

SqliteTransaction::SqliteTransaction(sqlite3* connection, SqliteFailure failure)
    : connection_(connection), failure_(std::move(failure)) {
  execute("BEGIN IMMEDIATE");
}

SqliteTransaction::~SqliteTransaction() {
  // SQLite may have undone it already; then there is nothing to roll back.
  if (!committed_) ::sqlite3_exec(connection_, "ROLLBACK", nullptr, nullptr, nullptr);
}

void SqliteTransaction::commit() {
  execute("COMMIT");
  committed_ = true;
}

void SqliteTransaction::execute(const char* sql) {
  const int result = ::sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) throw failure_(result);
}

}  // namespace holdfast
