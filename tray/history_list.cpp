#include "tray/history_list.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "common/utf16.h"
#include "tray/local_time_text.h"
#include "tray/resource.h"

namespace holdfast {
namespace {

// In the order of RowMark.
constexpr std::array kMarkIcons{ICON_PROTECTED_LIGHT, ICON_AWAY_LIGHT, ICON_ATTENTION_LIGHT,
                                ICON_AT_RISK_LIGHT};
// Beside a text, at 100 %.
constexpr int kCellMargins = 14;

int scaled(int length, UINT dpi) {
  return ::MulDiv(length, static_cast<int>(dpi), USER_DEFAULT_SCREEN_DPI);
}

ImageListHandle mark_images(UINT dpi, int icon_offset) {
  const int size = ::GetSystemMetricsForDpi(SM_CXSMICON, dpi);
  ImageListHandle images(
      ::ImageList_Create(size, size, ILC_COLOR32, static_cast<int>(kMarkIcons.size()), 0));
  for (const int resource : kMarkIcons) {
    const auto icon = static_cast<HICON>(::LoadImageW(::GetModuleHandleW(nullptr),
                                                      MAKEINTRESOURCEW(resource + icon_offset),
                                                      IMAGE_ICON, size, size, LR_DEFAULTCOLOR));
    ::ImageList_AddIcon(images.get(), icon);
    ::DestroyIcon(icon);
  }
  return images;
}

}  // namespace

void HistoryList::attach(HWND list, UINT dpi) {
  list_ = list;
  const DWORD more = LVS_EX_FULLROWSELECT | LVS_EX_DOUBLEBUFFER | LVS_EX_LABELTIP;
  ListView_SetExtendedListViewStyleEx(list_, more, more);
  for (std::size_t i = 0; i < kHistoryColumns; ++i) {
    std::wstring text = to_utf16(title(static_cast<HistoryColumn>(i)));
    LVCOLUMNW column{};
    column.mask = LVCF_TEXT | LVCF_FMT | LVCF_SUBITEM;
    column.fmt = static_cast<HistoryColumn>(i) == HistoryColumn::Size ? LVCFMT_RIGHT : LVCFMT_LEFT;
    column.pszText = text.data();
    column.iSubItem = static_cast<int>(i);
    ::SendMessageW(list_, LVM_INSERTCOLUMNW, i, reinterpret_cast<LPARAM>(&column));
  }
  show_arrow();
  follow_scale(dpi);
}

void HistoryList::detach() {
  list_ = nullptr;
  rows_.clear();
}

void HistoryList::follow_scale(UINT dpi) {
  dpi_ = dpi;
  const HistoryRow usual = usual_row();
  for (std::size_t i = 0; i < kHistoryColumns; ++i) {
    const auto column = static_cast<HistoryColumn>(i);
    const int text = std::max(text_width(std::string(title(column))),
                              text_width(cell_text(usual, column, &local_time_text)));
    const int icon = i == 0 ? ::GetSystemMetricsForDpi(SM_CXSMICON, dpi) : 0;
    ListView_SetColumnWidth(list_, static_cast<int>(i), text + icon + scaled(kCellMargins, dpi));
  }
  show_marks(icon_offset_);
}

int HistoryList::text_width(const std::string& text) const {
  const std::wstring wide = to_utf16(text);
  return ListView_GetStringWidth(list_, wide.c_str());
}

void HistoryList::show_marks(int icon_offset) {
  icon_offset_ = icon_offset;
  ImageListHandle marks = mark_images(dpi_, icon_offset);
  ListView_SetImageList(list_, marks.get(), LVSIL_SMALL);
  marks_ = std::move(marks);
}

void HistoryList::show(std::vector<HistoryRow> rows) {
  const std::string key = selected_key();
  rows_ = std::move(rows);
  show_sorted(key);
}

std::string HistoryList::selected_key() const {
  const HistoryRow* const row = selected();
  return row == nullptr ? "" : row->key;
}

void HistoryList::show_sorted(const std::string& key) {
  sort(rows_, order_);
  ListView_SetItemCountEx(list_, static_cast<int>(rows_.size()), LVSICF_NOSCROLL);
  select(key);
  ::InvalidateRect(list_, nullptr, FALSE);
}

const HistoryRow* HistoryList::selected() const {
  if (list_ == nullptr) return nullptr;
  const int row = ListView_GetNextItem(list_, -1, LVNI_SELECTED);
  const bool is_there = row >= 0 && static_cast<std::size_t>(row) < rows_.size();
  return is_there ? &rows_[static_cast<std::size_t>(row)] : nullptr;
}

void HistoryList::select(const std::string& key) {
  const auto found = std::ranges::find(rows_, key, &HistoryRow::key);
  if (found == rows_.end()) {
    // Nothing; but the keyboard starts at the first row.
    ListView_SetItemState(list_, -1, 0, LVIS_SELECTED);
    if (!rows_.empty()) ListView_SetItemState(list_, 0, LVIS_FOCUSED, LVIS_FOCUSED);
    return;
  }
  select_row(static_cast<int>(found - rows_.begin()));
}

void HistoryList::select_row(int row) const {
  ListView_SetItemState(list_, -1, 0, LVIS_SELECTED);
  ListView_SetItemState(list_, row, LVIS_SELECTED | LVIS_FOCUSED, LVIS_SELECTED | LVIS_FOCUSED);
  ListView_EnsureVisible(list_, row, FALSE);
}

bool HistoryList::on_notify(const NMHDR& header) {
  switch (header.code) {
    case LVN_GETDISPINFOW:
      // The structure that begins with this header is the list view's own, and to be filled.
      fill(*const_cast<NMLVDISPINFOW*>(reinterpret_cast<const NMLVDISPINFOW*>(&header)));
      return false;
    case LVN_COLUMNCLICK:
      sort_by(static_cast<HistoryColumn>(reinterpret_cast<const NMLISTVIEW&>(header).iSubItem));
      return true;
    case LVN_ITEMCHANGED:
    case LVN_ODSTATECHANGED: return true;
    default: break;
  }
  return false;
}

void HistoryList::fill(NMLVDISPINFOW& asked) const {
  LVITEMW& item = asked.item;
  if (item.iItem < 0 || static_cast<std::size_t>(item.iItem) >= rows_.size()) return;
  const HistoryRow& row = rows_[static_cast<std::size_t>(item.iItem)];
  if ((item.mask & LVIF_IMAGE) != 0) item.iImage = static_cast<int>(row.mark);
  if ((item.mask & LVIF_TEXT) == 0 || item.cchTextMax <= 0) return;
  const std::wstring text =
      to_utf16(cell_text(row, static_cast<HistoryColumn>(item.iSubItem), &local_time_text));
  const std::size_t length = text.copy(item.pszText, static_cast<std::size_t>(item.cchTextMax) - 1);
  item.pszText[length] = L'\0';
}

void HistoryList::sort_by(HistoryColumn column) {
  order_ = order_.after_click(column);
  show_arrow();
  show_sorted(selected_key());
}

void HistoryList::show_arrow() const {
  const HWND header = ListView_GetHeader(list_);
  for (std::size_t i = 0; i < kHistoryColumns; ++i) {
    HDITEMW item{};
    item.mask = HDI_FORMAT;
    ::SendMessageW(header, HDM_GETITEMW, i, reinterpret_cast<LPARAM>(&item));
    item.fmt &= ~(HDF_SORTUP | HDF_SORTDOWN);
    if (static_cast<HistoryColumn>(i) == order_.column) {
      item.fmt |= order_.is_descending ? HDF_SORTDOWN : HDF_SORTUP;
    }
    ::SendMessageW(header, HDM_SETITEMW, i, reinterpret_cast<LPARAM>(&item));
  }
}

}  // namespace holdfast
