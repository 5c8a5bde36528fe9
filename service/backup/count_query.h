#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "service/backup/sqlite_handle.h"

namespace holdfast {

struct CountQuery {
  std::string name;
  std::string sql;
};

// Runs one query that must give one row with one whole number. It is a single statement that only
// reads; it cannot change a setting, attach a file or end the transaction it runs in. It is
// interrupted after `limit`. Throws Error(CountFailed), or DatabaseDamaged when it met damage; both
// name the count.
std::int64_t run_count(sqlite3* connection, const CountQuery& query,
                       std::chrono::milliseconds limit);

}  // namespace holdfast
