// The application whose database is backed up: moves money between accounts, and each transaction
// keeps the total. Its first two lines of input are the database and what to do; it says "ready"
// when it has begun, and ends when its input does. In its own process, as the real one is.
//
// Told to "watch", it only looks, and fails when the total is ever another.
//
// Notes grow and shrink, so that pages come and go. A test may make the accounts before, with
// whatever else its database shall have.
#include <sqlite3.h>

#include <atomic>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <thread>

namespace {

struct Close {
  void operator()(sqlite3* connection) const { ::sqlite3_close(connection); }
};
using Connection = std::unique_ptr<sqlite3, Close>;

void run(sqlite3* connection, const std::string& sql) {
  if (::sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return;
  std::cout << sql << ": " << ::sqlite3_errmsg(connection) << std::endl;
  std::_Exit(1);
}

void create_accounts(sqlite3* connection) {
  run(connection,
      "CREATE TABLE IF NOT EXISTS account (id INTEGER PRIMARY KEY, money INTEGER NOT NULL, note "
      "TEXT);"
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
      "INSERT OR IGNORE INTO account SELECT i, 1000, hex(randomblob(100)) FROM n;");
}

void move_money(sqlite3* connection, std::mt19937& random) {
  const auto any = [&random] { return std::to_string(random() % 500 + 1); };
  const std::string amount = std::to_string(random() % 50);
  const std::string note_bytes = std::to_string(random() % 1000);
  run(connection, "BEGIN IMMEDIATE; UPDATE account SET money = money - " + amount +
                      ", note = hex(randomblob(" + note_bytes + ")) WHERE id = " + any() +
                      "; UPDATE account SET money = money + " + amount + " WHERE id = " + any() +
                      "; COMMIT;");
  // Does nothing but where a test chose incremental auto-vacuum.
  if (random() % 8 == 0) run(connection, "PRAGMA incremental_vacuum(3)");
}

void watch_money(sqlite3* connection) {
  const auto look = [](void*, int, char** columns, char**) {
    return std::string_view(columns[0]) == "500 500000" ? 0 : 1;
  };
  const int result = ::sqlite3_exec(connection, "SELECT count(*) || ' ' || sum(money) FROM account",
                                    look, nullptr, nullptr);
  if (result == SQLITE_OK) return;
  std::cout << "watching: " << ::sqlite3_errmsg(connection) << std::endl;
  std::_Exit(1);
}

// Dies with changes in the file that only the journal can undo, or with a WAL that nobody copied.
[[noreturn]] void die(sqlite3* connection, const std::string& mode) {
  run(connection,
      "PRAGMA cache_size=1; PRAGMA wal_autocheckpoint=0; BEGIN IMMEDIATE;"
      "UPDATE account SET money = money + 1, note = hex(randomblob(200));");
  if (mode == "die_after_commit") run(connection, "COMMIT");
  std::_Exit(0);
}

}  // namespace

int main() {
  std::string database;
  std::string mode;
  std::getline(std::cin, database);
  std::getline(std::cin, mode);
  sqlite3* raw = nullptr;
  ::sqlite3_open(database.c_str(), &raw);
  const Connection connection(raw);
  ::sqlite3_busy_timeout(raw, 60'000);
  if (mode == "wal" || mode == "delete") run(raw, "PRAGMA journal_mode=" + mode);
  run(raw, "PRAGMA synchronous=OFF; PRAGMA wal_autocheckpoint=20;");
  if (mode == "open") run(raw, "SELECT count(*) FROM sqlite_schema");
  if (mode == "exclusive") run(raw, "BEGIN EXCLUSIVE");
  if (mode == "wal" || mode == "delete") create_accounts(raw);
  if (mode.starts_with("die")) die(raw, mode);
  std::cout << "ready" << std::endl;

  std::atomic<bool> stop = false;
  std::thread input([&stop] {
    while (std::cin.get() != std::char_traits<char>::eof()) continue;
    stop = true;
  });
  std::mt19937 random(1);
  while (!stop && mode == "watch") watch_money(raw);
  while (!stop && (mode == "wal" || mode == "delete")) move_money(raw, random);
  input.join();
  return 0;
}
