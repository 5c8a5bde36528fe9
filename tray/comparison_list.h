#pragma once

#include <windows.h>
#include <commctrl.h>

#include <span>

#include "tray/restore_view.h"

namespace holdfast {

// The comparison of a backup with what is there, in a list view that was just made.
constexpr DWORD kComparisonListStyle =
    LVS_REPORT | LVS_SINGLESEL | LVS_SHOWSELALWAYS | LVS_NOSORTHEADER | WS_TABSTOP | WS_BORDER;

void make_comparison_columns(HWND list);
void show_comparison(HWND list, std::span<const ComparisonRow> rows);
// As wide as the list and its texts let them be.
void fit_comparison_columns(HWND list);

}  // namespace holdfast
