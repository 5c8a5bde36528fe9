#include "service/triggers/query_watch.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "common/error.h"
#include "common/path_text.h"
#include "service/archive/content_hash.h"
#include "service/backup/live_database.h"
#include "service/backup/reading_query.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kQueryLimit = 1s;
constexpr int kRestTimes = 100;  // as long as the query took
constexpr std::chrono::seconds kPauseAfterFault = 60s;
constexpr std::uint64_t kMostRows = 100'000;
constexpr std::uint64_t kMostBytes = std::uint64_t{16} * 1024 * 1024;

// What sets the columns of a row apart: its type, its length, and itself. Returns the length.
std::uint64_t add_column(ContentHash& hash, sqlite3_stmt* row, int column) {
  const void* const bytes = ::sqlite3_column_type(row, column) == SQLITE_BLOB
                                ? ::sqlite3_column_blob(row, column)
                                : ::sqlite3_column_text(row, column);
  const auto length = static_cast<std::uint64_t>(::sqlite3_column_bytes(row, column));
  const std::array<std::uint64_t, 2> start{
      static_cast<std::uint64_t>(::sqlite3_column_type(row, column)), length};
  hash.add(std::as_bytes(std::span(start)));
  if (length > 0) hash.add({static_cast<const std::byte*>(bytes), length});
  return length;
}

// That the database is not there is part of its life, and so is that others use it.
bool is_no_fault(ErrorCode code) {
  return code == ErrorCode::NotFound || code == ErrorCode::DatabaseEmpty ||
         code == ErrorCode::DatabaseBusy;
}

}  // namespace

QueryWatch::QueryWatch(std::filesystem::path database, std::string sql, const Clock& clock)
    : database_(std::move(database)), sql_(std::move(sql)), clock_(clock) {}

QueryWatch::Seen QueryWatch::poll() {
  const Time now = clock_.now();
  if (rests(now)) return {.fault = fault_};
  looked_at_ = now;
  pause_ = 0s;
  try {
    return look();
  } catch (const Error& error) {
    state_.reset();
    if (error.code() == ErrorCode::DatabaseBusy) return {.fault = fault_};
    fault_ = is_no_fault(error.code()) ? "" : error.line();
    if (!fault_.empty()) pause_ = kPauseAfterFault;
    return {.fault = fault_};
  }
}

// A clock that was put back ends the pause.
bool QueryWatch::rests(Time now) const {
  return now >= looked_at_ && now - looked_at_ < pause_;
}

QueryWatch::Seen QueryWatch::look() {
  const LiveDatabase database(database_);
  database.begin();
  std::optional<DatabaseState> state = database_state(database);
  if (state && state == state_) return {};

  const auto begun = std::chrono::steady_clock::now();
  const std::string now = result(database.connection());
  database.check_still_rests();
  pause_ = std::chrono::floor<std::chrono::seconds>(kRestTimes *
                                                    (std::chrono::steady_clock::now() - begun));
  const bool changed = result_ && *result_ != now;
  result_ = now;
  fault_.clear();
  state_ = std::move(state);
  if (state_ && !tells_changes(*state_, looked_at_)) state_.reset();
  return {.changed = changed};
}

std::string QueryWatch::result(sqlite3* connection) const {
  ReadingQuery query(connection, sql_,
                     {.code = ErrorCode::QueryFailed,
                      .attempt = "The watched query of " + path_text(database_) +
                                 (result_ ? " no longer works" : " does not work"),
                      .action = "Correct the query of this trigger in the configuration."},
                     kQueryLimit);
  const int columns = ::sqlite3_column_count(query.statement());
  ContentHash hash;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  while (query.next_row()) {
    for (int column = 0; column < columns; ++column)
      bytes += add_column(hash, query.statement(), column);
    if (++rows > kMostRows || bytes > kMostBytes) {
      throw query.failure("it gives more than " + std::to_string(kMostRows) + " rows or " +
                          std::to_string(kMostBytes >> 20) +
                          " MiB; let it count, or ask for the newest");
    }
  }
  return hash.digits();
}

}  // namespace holdfast
