#include "service/restore/staged_database.h"

#include <sqlite3.h>

#include <utility>

#include <fmt/format.h>

#include "common/text.h"
#include "service/backup/integrity_check.h"
#include "service/backup/live_database.h"
#include "service/backup/sqlite_failure.h"
#include "service/backup/sqlite_watch.h"

namespace holdfast {

StagedDatabase::StagedDatabase(const std::filesystem::path& file, std::function<bool()> must_end,
                               Error cancelled)
    : file_(file), must_end_(std::move(must_end)), cancelled_(std::move(cancelled)) {
  sqlite3* raw = nullptr;
  const int result = ::sqlite3_open_v2(
      file_alone(file).c_str(), &raw,
      SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
      nullptr);
  connection_.reset(raw);
  if (result != SQLITE_OK) throw sqlite_failure(file, result, raw);
  ::sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, static_cast<int*>(nullptr));
  ::sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, static_cast<int*>(nullptr));
  ::sqlite3_exec(raw, "PRAGMA query_only=1; PRAGMA cell_size_check=1; PRAGMA temp_store=MEMORY;",
                 nullptr, nullptr, nullptr);
}

StagedDatabase::StagedDatabase(std::filesystem::path file,
                               std::unique_ptr<ArchiveDatabase> archived,
                               std::function<bool()> must_end, Error cancelled)
    : file_(std::move(file)),
      must_end_(std::move(must_end)),
      cancelled_(std::move(cancelled)),
      archived_(std::move(archived)) {}

std::string StagedDatabase::damage() const {
  end_if_asked();
  const SqliteWatch watch(connection(), must_end_);
  std::string faults;
  try {
    faults = integrity_faults(file_, connection());
  } catch (const Error& error) {
    end_if_asked();
    if (archived_ && archived_->read_failure()) throw Error(*archived_->read_failure());
    if (error.code() == ErrorCode::NotADatabase) return "is no database that can be read";
    if (error.code() != ErrorCode::DatabaseDamaged) throw;
    faults = ::sqlite3_errmsg(connection());
  }
  end_if_asked();
  if (faults.empty()) return {};
  return fmt::format("is damaged: {}", one_line(faults.substr(0, faults.find('\n'))));
}

std::string StagedDatabase::miscount(const Manifest& archived,
                                     const std::map<std::string, std::string>& queries) const {
  for (const auto& [name, sql] : queries) {
    const auto counted = archived.counts.find(name);
    if (counted == archived.counts.end()) continue;
    // A query that was changed since counts something else, and proves nothing.
    const auto query = archived.count_queries.find(name);
    if (query != archived.count_queries.end() && query->second != sql) continue;
    std::int64_t count = 0;
    try {
      count = run_count(connection(), {.name = name, .sql = sql}, kCountLimit, must_end_);
    } catch (const Error&) {
      end_if_asked();
      if (archived_ && archived_->read_failure()) throw Error(*archived_->read_failure());
      throw;
    }
    if (count == counted->second) continue;
    return fmt::format("it should have {} {} and has {}", counted->second, one_line(name), count);
  }
  return {};
}

void StagedDatabase::end_if_asked() const {
  if (must_end_()) throw cancelled_;
}

}  // namespace holdfast
