#include "tests/support/database.h"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "common/path_text.h"

namespace holdfast {
namespace {

void check(int result, sqlite3* connection) {
  if (result != SQLITE_OK) throw std::runtime_error(::sqlite3_errmsg(connection));
}

}  // namespace

SqliteConnection open_database(const std::filesystem::path& path) {
  sqlite3* raw = nullptr;
  const int result = ::sqlite3_open(path_text(path).c_str(), &raw);
  SqliteConnection connection(raw);
  check(result, raw);
  return connection;
}

void execute(sqlite3* connection, const std::string& sql) {
  check(::sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr), connection);
}

std::string ask(sqlite3* connection, const std::string& sql) {
  sqlite3_stmt* raw = nullptr;
  check(::sqlite3_prepare_v2(connection, sql.c_str(), -1, &raw, nullptr), connection);
  const SqliteStatement statement(raw);
  if (::sqlite3_step(raw) != SQLITE_ROW) throw std::runtime_error(::sqlite3_errmsg(connection));
  const unsigned char* text = ::sqlite3_column_text(raw, 0);
  return text == nullptr ? "" : std::string(text, text + ::sqlite3_column_bytes(raw, 0));
}

void make_database(const std::filesystem::path& path, const std::string& sql) {
  execute(open_database(path).get(), sql);
}

std::string file_content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_file(const std::filesystem::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

std::map<std::string, std::string> folder_content(const std::filesystem::path& folder) {
  std::map<std::string, std::string> content;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    content[path_text(entry.path().filename())] = file_content(entry.path());
  }
  return content;
}

}  // namespace holdfast
