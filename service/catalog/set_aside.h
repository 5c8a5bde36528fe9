#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "common/clock.h"

namespace holdfast {

constexpr std::size_t kMostSetAside = 3;

// Renames a database that is not open, with what SQLite keeps beside it, to
// "<name>.<UTC>.damaged" and "<name>.<UTC>.damaged-wal"...: SQLite finds the two together there,
// and no WAL where a new database is begun. Never replaces anything. Of what was set aside earlier
// the newest stay, so that there are kMostSetAside of them. Returns the new file name. Throws what
// the storage throws.
std::string set_aside(const std::filesystem::path& database, Time now);

// Whether a -wal, a -shm or a -journal lies where the database itself is not.
bool has_only_sidecars(const std::filesystem::path& database);

}  // namespace holdfast
