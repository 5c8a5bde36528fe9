#pragma once

#include <filesystem>

#include "service/config/path_tokens.h"

namespace holdfast {

// The folders that are the same for every user of this machine.
KnownFolders machine_folders();
// The folder that users' own folders are in; empty where that cannot be told.
std::filesystem::path profiles_folder();
// Those, and the folders of the user that this process runs as.
KnownFolders own_folders();
#ifdef _WIN32
// Those, and the folders of the user whom the token speaks for.
KnownFolders user_folders(void* token);
#endif

}  // namespace holdfast
