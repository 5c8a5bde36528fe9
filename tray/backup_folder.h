#pragma once

#include <windows.h>

#include <string>

#include "tray/service_calls.h"

namespace holdfast {

// Opens the folder with a dataset's archives in Explorer, or tells why that cannot be done. Returns
// at once. `asker` is whoever must be there still when the service answers.
void open_backup_folder(ServiceCalls& calls, const void* asker, HWND owner,
                        const std::string& dataset);

}  // namespace holdfast
