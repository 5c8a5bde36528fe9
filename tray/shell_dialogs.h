#pragma once

#include <windows.h>

#include <functional>
#include <string>
#include <string_view>

namespace holdfast {

// Let the user choose a file or a folder; empty when the user has not. `begin` is the folder that
// is shown first; where it is empty, missing or does not answer, Windows chooses.
std::string chosen_database(HWND owner);
std::string chosen_folder(HWND owner, std::string_view title, std::string_view begin = {});

// Shows a folder in Explorer. Returns at once: a network that is away keeps no window waiting.
// `on_failure` is called on another thread, with the reason, when it cannot be shown.
using OnFolderFailure = std::function<void(const std::string& why)>;
void open_folder(const std::string& folder, OnFolderFailure on_failure);

}  // namespace holdfast
