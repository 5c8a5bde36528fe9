// An application that does with its database what it is told: each line of input is a statement,
// or "open <path>" or "close". It answers each with "ok", or with why not; "ask <query>" with the
// first column of the first row. It ends when its input does.
#include <sqlite3.h>

#include <iostream>
#include <string>

namespace {

std::string answer(sqlite3* connection, const std::string& query) {
  sqlite3_stmt* statement = nullptr;
  ::sqlite3_prepare_v2(connection, query.c_str(), -1, &statement, nullptr);
  const bool is_there = ::sqlite3_step(statement) == SQLITE_ROW;
  const unsigned char* text = is_there ? ::sqlite3_column_text(statement, 0) : nullptr;
  std::string told = ::sqlite3_errmsg(connection);
  if (is_there) told = text == nullptr ? "" : reinterpret_cast<const char*>(text);
  ::sqlite3_finalize(statement);
  return told;
}

std::string follow(sqlite3*& connection, const std::string& line) {
  constexpr std::string_view kOpen = "open ";
  constexpr std::string_view kAsk = "ask ";
  if (line.starts_with(kAsk)) return answer(connection, line.substr(kAsk.size()));
  int result = SQLITE_OK;
  if (line.starts_with(kOpen)) {
    result = ::sqlite3_open(line.substr(kOpen.size()).c_str(), &connection);
    ::sqlite3_busy_timeout(connection, 10'000);
  } else if (line == "close") {
    result = ::sqlite3_close(connection);
    connection = nullptr;
  } else {
    result = ::sqlite3_exec(connection, line.c_str(), nullptr, nullptr, nullptr);
  }
  return result == SQLITE_OK ? "ok" : line + ": " + ::sqlite3_errmsg(connection);
}

}  // namespace

int main() {
  sqlite3* connection = nullptr;
  std::string line;
  while (std::getline(std::cin, line)) std::cout << follow(connection, line) << std::endl;
  ::sqlite3_close(connection);
  return 0;
}
