#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "service/platform/sqlite_handle.h"

namespace holdfast {

using Counts = std::map<std::string, std::int64_t>;

// For each count of a backup.
constexpr std::chrono::seconds kCountLimit{10};

struct CountQuery {
  std::string name;
  std::string sql;
};

// Runs one query that must give one row with one whole number. It is a single statement that only
// reads; it cannot change a setting, attach a file or end the transaction it runs in. It is
// interrupted after `limit`, and soon after `must_end`, which must not throw, says so. Throws
// Error(CountFailed), or DatabaseDamaged when it met damage; both name the count.
std::int64_t run_count(
    sqlite3* connection, const CountQuery& query, std::chrono::milliseconds limit,
    const std::function<bool()>& must_end = [] { return false; });

// Runs each, by its name.
Counts run_counts(
    sqlite3* connection, const std::map<std::string, std::string>& queries,
    std::chrono::milliseconds limit, const std::function<bool()>& must_end = [] { return false; });

}  // namespace holdfast
