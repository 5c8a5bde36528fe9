#pragma once

#include "service/config/path_tokens.h"

namespace holdfast {

// The folders that are the same for every user of this machine.
KnownFolders machine_folders();
// Those, and the folders of the user that this process runs as.
KnownFolders own_folders();

}  // namespace holdfast
