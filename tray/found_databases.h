#pragma once

#include <string>
#include <vector>

#include "tray/wizard_view.h"

namespace holdfast {

// Whether there is a file that begins as an SQLite database does. May take as long as the disk or
// the network does.
bool is_database(const std::string& path);

// Those of the places where there is a database, in their order.
std::vector<DatabaseChoice> found_databases(const std::vector<DatabaseChoice>& places);

}  // namespace holdfast
