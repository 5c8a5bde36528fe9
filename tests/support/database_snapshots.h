#pragma once

#include <filesystem>
#include <string>

#include "common/error.h"
#include "service/backup/database_snapshot.h"

namespace holdfast {

// A bank of 2,000 accounts in that journal mode, closed again.
void make_accounts(const std::filesystem::path& database, const std::string& mode);
void save_pages(DatabaseSnapshot& snapshot, const std::filesystem::path& to);
// Why no snapshot can be read; ErrorCode::Internal when it can.
Error refusal(const std::filesystem::path& database);

}  // namespace holdfast
