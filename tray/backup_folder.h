#pragma once

#include <string>

#include "tray/service_calls.h"
#include "tray/shell_dialogs.h"

namespace holdfast {

// Opens the folder with a dataset's archives in Explorer. Returns at once; `on_failure` is called,
// on this thread or another, with the reason, when that cannot be done. `asker` is whoever must be
// there still when the service answers.
void open_backup_folder(ServiceCalls& calls, const void* asker, const std::string& dataset,
                        OnFolderFailure on_failure);

}  // namespace holdfast
