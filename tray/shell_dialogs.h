#pragma once

#include <windows.h>

#include <string>
#include <string_view>

namespace holdfast {

// Let the user choose a file or a folder; empty when the user has not. `begin` is the folder that
// is shown first; where it is empty or missing, Windows chooses.
std::string chosen_database(HWND owner);
std::string chosen_folder(HWND owner, std::string_view title, std::string_view begin = {});

// Shows a folder in Explorer. Returns at once: a network that is away keeps no window waiting.
void open_folder(std::string_view folder);

}  // namespace holdfast
