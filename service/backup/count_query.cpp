#include "service/backup/count_query.h"

#include "service/backup/reading_query.h"

namespace holdfast {

std::int64_t run_count(sqlite3* connection, const CountQuery& query,
                       std::chrono::milliseconds limit, const std::function<bool()>& must_end) {
  ReadingQuery count(connection, query.sql,
                     {.code = ErrorCode::CountFailed,
                      .attempt = "Cannot take the count \"" + query.name + "\"",
                      .action = "Correct the query of this count in the configuration."},
                     limit, must_end);
  if (const int columns = ::sqlite3_column_count(count.statement()); columns != 1) {
    throw count.failure("it gives " + std::to_string(columns) + " columns, not one");
  }
  if (!count.next_row()) throw count.failure("it gives no row");
  if (::sqlite3_column_type(count.statement(), 0) != SQLITE_INTEGER) {
    throw count.failure("it does not give a whole number");
  }
  const std::int64_t number = ::sqlite3_column_int64(count.statement(), 0);
  if (count.next_row()) throw count.failure("it gives more than one row");
  return number;
}

Counts run_counts(sqlite3* connection, const std::map<std::string, std::string>& queries,
                  std::chrono::milliseconds limit, const std::function<bool()>& must_end) {
  Counts counts;
  for (const auto& [name, sql] : queries)
    counts[name] = run_count(connection, {name, sql}, limit, must_end);
  return counts;
}

}  // namespace holdfast
