#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

namespace holdfast {

// What is wrong with a database that others go on using: the first faults, one a line; empty when
// it is sound. It finds what the check of a backup finds. Writers wait only for one that seems
// damaged. Throws Error for what cannot be looked at, as DatabaseSnapshot does, and when `stop` is
// requested.
std::string inspect_database(const std::filesystem::path& database, const std::stop_token& stop);

}  // namespace holdfast
