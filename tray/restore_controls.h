#pragma once

#include <windows.h>

namespace holdfast::restore {

// The controls of the restore's window, in the order of the tabulator.
constexpr int kHeadline = 1001;
constexpr int kWarning = 1002;
constexpr int kListLabel = 1003;
constexpr int kList = 1004;
constexpr int kNotes = 1005;
constexpr int kForeign = 1006;
constexpr int kProgressWords = 1007;
constexpr int kProgress = 1008;
constexpr int kRestore = 1009;
constexpr int kRetry = 1010;
constexpr int kUndo = 1011;
constexpr int kElevate = 1012;

// A key's command, without a button.
constexpr int kBackUp = 1013;

// What the window posts to itself.
constexpr UINT kFetchNews = WM_APP + 1;
constexpr UINT kElevated = WM_APP + 2;
constexpr UINT kNotElevated = WM_APP + 3;

}  // namespace holdfast::restore
