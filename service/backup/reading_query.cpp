#include "service/backup/reading_query.h"

#include <utility>

#include <fmt/format.h>

namespace holdfast {
namespace {

using Clock = std::chrono::steady_clock;

// Full-text and spatial tables prepare writes and ask for data_version inside themselves, so these
// pass here; that a query does not write is asked of the statement, and the connection cannot.
int authorize(void*, int action, const char* subject, const char* value, const char*,
              const char*) noexcept {
  switch (action) {
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT: return SQLITE_DENY;
    case SQLITE_PRAGMA:
      return subject != nullptr && subject == std::string_view("data_version") && value == nullptr
                 ? SQLITE_OK
                 : SQLITE_DENY;
    default: return SQLITE_OK;
  }
}

}  // namespace

ReadingQuery::Rules::Rules(sqlite3* connection) : connection_(connection) {
  ::sqlite3_set_authorizer(connection_, authorize, nullptr);
}

ReadingQuery::Rules::~Rules() {
  ::sqlite3_set_authorizer(connection_, nullptr, nullptr);
}

ReadingQuery::ReadingQuery(sqlite3* connection, const std::string& sql, Telling telling,
                           std::chrono::milliseconds limit, const std::function<bool()>& must_end)
    : connection_(connection),
      telling_(std::move(telling)),
      limit_(limit),
      rules_(connection),
      watch_(connection,
             [end = Clock::now() + limit, must_end] { return Clock::now() >= end || must_end(); }),
      statement_(prepare_only_one(sql)) {}

bool ReadingQuery::next_row() {
  const int result = ::sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  if ((result & 0xFF) == SQLITE_INTERRUPT) {
    throw failure(
        fmt::format("it took longer than {} s", std::chrono::duration<double>(limit_).count()));
  }
  throw failure_of_sqlite();
}

Error ReadingQuery::failure(const std::string& reason) const {
  return {telling_.code, telling_.attempt + ": " + reason + ".", telling_.action};
}

Error ReadingQuery::failure_of_sqlite() const {
  const int result = ::sqlite3_errcode(connection_) & 0xFF;
  const std::string reason = ::sqlite3_errmsg(connection_);
  if (result == SQLITE_CORRUPT || result == SQLITE_NOTADB) {
    return {ErrorCode::DatabaseDamaged,
            telling_.attempt + ": the database is damaged (" + reason + ").",
            "Restore it from the newest good archive."};
  }
  return failure(reason);
}

SqliteStatement ReadingQuery::prepare(std::string_view& rest) const {
  sqlite3_stmt* statement = nullptr;
  const char* tail = nullptr;
  const int result = ::sqlite3_prepare_v2(connection_, rest.data(), static_cast<int>(rest.size()),
                                          &statement, &tail);
  SqliteStatement owner(statement);
  if (result == SQLITE_AUTH) {
    throw failure("it does what a query here must not do (" +
                  std::string(::sqlite3_errmsg(connection_)) + ")");
  }
  if (result != SQLITE_OK) throw failure_of_sqlite();
  rest.remove_prefix(static_cast<std::size_t>(tail - rest.data()));
  return owner;
}

SqliteStatement ReadingQuery::prepare_only_one(std::string_view sql) const {
  std::string_view rest = sql;
  if (rest.find('\0') != std::string_view::npos) throw failure("its query holds a zero byte");
  SqliteStatement statement = prepare(rest);
  if (!statement) throw failure("there is no query");
  while (!rest.empty()) {
    if (prepare(rest)) throw failure("it is more than one statement");
  }
  if (::sqlite3_stmt_readonly(statement.get()) == 0) throw failure("it writes to the database");
  return statement;
}

}  // namespace holdfast
