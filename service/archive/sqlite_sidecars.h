#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast {

// What SQLite keeps beside a database, under the database's name and one of these ends. It reads
// what it finds there, whoever has put it there.
constexpr std::array<std::string_view, 3> kSqliteSidecars{"-wal", "-shm", "-journal"};

// Whether the name is that of such a file beside that database, as Windows takes names.
bool is_sidecar_of(std::string_view name, std::string_view database);

// The name of the database that such a file of this name would stand beside, folded; empty when it
// is no such file's name.
std::string database_of_sidecar(std::string_view name);

// The name, and those of all its sidecars.
std::vector<std::string> with_sidecars(const std::string& name);

}  // namespace holdfast
