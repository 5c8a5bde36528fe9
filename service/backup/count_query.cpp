#include "service/backup/count_query.h"

#include <string_view>

#include "common/error.h"
#include "service/backup/sqlite_watch.h"

namespace holdfast {
namespace {

Error count_failure(const CountQuery& query, const std::string& reason) {
  return {ErrorCode::CountFailed, "Cannot take the count \"" + query.name + "\": " + reason + ".",
          "Correct the query of this count in the configuration."};
}

Error count_failure(const CountQuery& query, sqlite3* connection) {
  const int result = ::sqlite3_errcode(connection) & 0xFF;
  const std::string reason = ::sqlite3_errmsg(connection);
  if (result == SQLITE_CORRUPT || result == SQLITE_NOTADB) {
    return {
        ErrorCode::DatabaseDamaged,
        "Cannot take the count \"" + query.name + "\": the database is damaged (" + reason + ").",
        "Restore it from the newest good archive."};
  }
  return count_failure(query, reason);
}

// Full-text and spatial tables prepare writes and ask for data_version inside themselves, so these
// pass here; that a count does not write is asked of the statement, and the connection cannot.
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

// The rules hold for as long as this lives.
class CountRules {
 public:
  CountRules(sqlite3* connection, std::chrono::milliseconds limit,
             const std::function<bool()>& must_end)
      : connection_(connection), watch_(connection, [end = Clock::now() + limit, must_end] {
          return Clock::now() >= end || must_end();
        }) {
    ::sqlite3_set_authorizer(connection_, authorize, nullptr);
  }
  CountRules(const CountRules&) = delete;
  CountRules& operator=(const CountRules&) = delete;
  ~CountRules() { ::sqlite3_set_authorizer(connection_, nullptr, nullptr); }

 private:
  using Clock = std::chrono::steady_clock;

  sqlite3* connection_;
  SqliteWatch watch_;
};

SqliteStatement prepare(sqlite3* connection, const CountQuery& query, std::string_view& rest) {
  sqlite3_stmt* statement = nullptr;
  const char* tail = nullptr;
  const int result = ::sqlite3_prepare_v2(connection, rest.data(), static_cast<int>(rest.size()),
                                          &statement, &tail);
  SqliteStatement owner(statement);
  if (result == SQLITE_AUTH) {
    throw count_failure(query, "it does what a count must not do (" +
                                   std::string(::sqlite3_errmsg(connection)) + ")");
  }
  if (result != SQLITE_OK) throw count_failure(query, connection);
  rest.remove_prefix(static_cast<std::size_t>(tail - rest.data()));
  return owner;
}

SqliteStatement prepare_only_one(sqlite3* connection, const CountQuery& query) {
  std::string_view rest = query.sql;
  if (rest.find('\0') != std::string_view::npos)
    throw count_failure(query, "its query holds a zero byte");
  SqliteStatement statement = prepare(connection, query, rest);
  if (!statement) throw count_failure(query, "there is no query");
  while (!rest.empty()) {
    if (prepare(connection, query, rest))
      throw count_failure(query, "it is more than one statement");
  }
  if (::sqlite3_stmt_readonly(statement.get()) == 0) {
    throw count_failure(query, "it writes to the database");
  }
  if (const int columns = ::sqlite3_column_count(statement.get()); columns != 1) {
    throw count_failure(query, "it gives " + std::to_string(columns) + " columns, not one");
  }
  return statement;
}

bool next_row(sqlite3* connection, const CountQuery& query, sqlite3_stmt* statement,
              std::chrono::milliseconds limit) {
  const int result = ::sqlite3_step(statement);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  if ((result & 0xFF) == SQLITE_INTERRUPT) {
    throw count_failure(query, "it took longer than " + std::to_string(limit.count()) + " ms");
  }
  throw count_failure(query, connection);
}

}  // namespace

std::int64_t run_count(sqlite3* connection, const CountQuery& query,
                       std::chrono::milliseconds limit, const std::function<bool()>& must_end) {
  const CountRules rules(connection, limit, must_end);
  const SqliteStatement statement = prepare_only_one(connection, query);
  if (!next_row(connection, query, statement.get(), limit)) {
    throw count_failure(query, "it gives no row");
  }
  if (::sqlite3_column_type(statement.get(), 0) != SQLITE_INTEGER) {
    throw count_failure(query, "it does not give a whole number");
  }
  const std::int64_t count = ::sqlite3_column_int64(statement.get(), 0);
  if (next_row(connection, query, statement.get(), limit)) {
    throw count_failure(query, "it gives more than one row");
  }
  return count;
}

Counts run_counts(sqlite3* connection, const std::map<std::string, std::string>& queries,
                  std::chrono::milliseconds limit, const std::function<bool()>& must_end) {
  Counts counts;
  for (const auto& [name, sql] : queries)
    counts[name] = run_count(connection, {name, sql}, limit, must_end);
  return counts;
}

}  // namespace holdfast
