#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "service/platform/sqlite_handle.h"

namespace holdfast {

// The connection of an application, to a database that it may create. Throws std::runtime_error.
SqliteConnection open_database(const std::filesystem::path& path);
void execute(sqlite3* connection, const std::string& sql);
// The first column of the first row.
std::string ask(sqlite3* connection, const std::string& sql);

// A database with what the SQL makes, closed again.
void make_database(const std::filesystem::path& path, const std::string& sql);

std::string file_content(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, const std::string& content);
// Every file of the folder, by name, with what is in it.
std::map<std::string, std::string> folder_content(const std::filesystem::path& folder);

}  // namespace holdfast
