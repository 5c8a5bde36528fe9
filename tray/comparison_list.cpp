#include "tray/comparison_list.h"

#include <array>
#include <string>

#include "common/utf16.h"

namespace holdfast {
namespace {

constexpr std::array<const wchar_t*, 4> kTitles{L"What", L"In the backup", L"Before the restore",
                                                L"After the restore"};
// Of the list's width, in hundredths.
constexpr std::array<int, 4> kShares{36, 20, 20, 24};

void set_text(HWND list, int row, int column, const std::string& utf8) {
  std::wstring text = to_utf16(utf8);
  ListView_SetItemText(list, row, column, text.data());
}

}  // namespace

void make_comparison_columns(HWND list) {
  const DWORD more = LVS_EX_FULLROWSELECT | LVS_EX_DOUBLEBUFFER | LVS_EX_LABELTIP;
  ListView_SetExtendedListViewStyleEx(list, more, more);
  for (int i = 0; i < static_cast<int>(kTitles.size()); ++i) {
    std::wstring text = kTitles.at(static_cast<std::size_t>(i));
    LVCOLUMNW column{};
    column.mask = LVCF_TEXT | LVCF_FMT | LVCF_SUBITEM;
    column.fmt = i == 1 || i == 2 ? LVCFMT_RIGHT : LVCFMT_LEFT;
    column.pszText = text.data();
    column.iSubItem = i;
    ::SendMessageW(list, LVM_INSERTCOLUMNW, static_cast<WPARAM>(i),
                   reinterpret_cast<LPARAM>(&column));
  }
}

void show_comparison(HWND list, std::span<const ComparisonRow> rows) {
  ::SendMessageW(list, WM_SETREDRAW, FALSE, 0);
  ListView_DeleteAllItems(list);
  int place = 0;
  for (const ComparisonRow& row : rows) {
    std::wstring what = to_utf16(row.what);
    LVITEMW item{};
    item.mask = LVIF_TEXT;
    item.iItem = place;
    item.pszText = what.data();
    ::SendMessageW(list, LVM_INSERTITEMW, 0, reinterpret_cast<LPARAM>(&item));
    set_text(list, place, 1, row.archived);
    set_text(list, place, 2, row.here);
    set_text(list, place, 3, row.change);
    ++place;
  }
  ::SendMessageW(list, WM_SETREDRAW, TRUE, 0);
  ::InvalidateRect(list, nullptr, TRUE);
}

void fit_comparison_columns(HWND list) {
  RECT client{};
  ::GetClientRect(list, &client);
  const int width = static_cast<int>(client.right) - ::GetSystemMetrics(SM_CXVSCROLL);
  for (int i = 0; i < static_cast<int>(kShares.size()); ++i) {
    ListView_SetColumnWidth(list, i, width * kShares.at(static_cast<std::size_t>(i)) / 100);
  }
}

}  // namespace holdfast
