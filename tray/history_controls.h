#pragma once

#include <windows.h>

namespace holdfast::history {

// The history's controls, in the order of the tabulator.
constexpr int kDatasetLabel = 1001;
constexpr int kDataset = 1002;
constexpr int kHeadline = 1003;
constexpr int kListLabel = 1004;
constexpr int kList = 1005;
constexpr int kDetail = 1006;
constexpr int kProgressWords = 1007;
constexpr int kProgress = 1008;
constexpr int kCancel = 1009;
constexpr int kAllRuns = 1010;
constexpr int kBackUp = 1011;
constexpr int kRestore = 1012;
constexpr int kVerify = 1013;
constexpr int kExport = 1014;
constexpr int kDelete = 1015;
constexpr int kRefresh = 1016;
constexpr int kOpenFolder = 1017;

// What the window posts to itself.
constexpr UINT kExported = WM_APP + 1;
constexpr UINT kFolderFailed = WM_APP + 2;

}  // namespace holdfast::history
