#pragma once

#include "tray/wizard_view.h"

namespace holdfast {

// Where the system keeps what is the user's own.
UserFolders user_folders();

}  // namespace holdfast
