#pragma once

#include <windows.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tray/settings_view.h"

namespace holdfast {

// The fields of the settings' dialog, and what they stand for. Filling them tells the dialog of
// each change, as if the user had typed it. Used by the window's thread only.

void prepare_form(HWND dialog);
void show_form(HWND dialog, const DatasetSettings& dataset,
               const std::vector<CloudRootChoice>& roots);
// What the fields say now becomes what is chosen.
void take_form(HWND dialog, DatasetSettings& dataset, const std::vector<CloudRootChoice>& roots);
// Nothing can be changed where there is no dataset, where `can_change` is false, and where the
// dataset says why not.
void enable_form(HWND dialog, const DatasetSettings* dataset, bool can_change);

// The controls for where archives go: first the user's OneDrives, then any folder.
struct FolderControls {
  int place;
  int folder;
};
// What the user is asked when browsing for it.
constexpr std::string_view kWhereTo = "Where do the backups go?";
// Shows a folder that the user has browsed for.
void show_folder(HWND dialog, FolderControls controls, const std::string& folder,
                 const std::vector<CloudRootChoice>& roots);

// Whether the control is one that tells of faults.
bool tells_fault(int control);
// The control to go to for the first field that has a fault.
std::optional<int> first_with_fault(const DatasetSettings& dataset);

}  // namespace holdfast
