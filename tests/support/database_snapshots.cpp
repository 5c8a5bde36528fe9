#include "tests/support/database_snapshots.h"

#include <fstream>

#include "tests/support/database.h"

namespace holdfast {

void make_accounts(const std::filesystem::path& database, const std::string& mode) {
  make_database(database,
                "PRAGMA journal_mode=" + mode +
                    "; CREATE TABLE account (id INTEGER PRIMARY KEY, money INTEGER, note TEXT);"
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
                    "INSERT INTO account SELECT i, 1000, hex(randomblob(100)) FROM n;");
}

void save_pages(DatabaseSnapshot& snapshot, const std::filesystem::path& to) {
  std::ofstream file(to, std::ios::binary);
  snapshot.read_pages([&file](std::span<const std::byte> page) {
    for (const std::byte byte : page) file.put(static_cast<char>(byte));
  });
}

Error refusal(const std::filesystem::path& database) {
  try {
    DatabaseSnapshot snapshot(database);
    snapshot.read_pages([](auto) {});
  } catch (const Error& error) {
    return error;
  }
  return {ErrorCode::Internal, "it passed", ""};
}

}  // namespace holdfast
