#pragma once

#include <windows.h>
#include <commctrl.h>

#include <string>
#include <vector>

#include "common/unique_handle.h"
#include "tray/history_view.h"

namespace holdfast {

struct ImageListTraits {
  using Handle = HIMAGELIST;
  static Handle none() { return nullptr; }
  static void close(Handle images) { ::ImageList_Destroy(images); }
};
using ImageListHandle = UniqueHandle<ImageListTraits>;

// The history as a list view that asks for what it shows: ten thousand rows cost no more than those
// that are seen. Used by the window's thread only.
class HistoryList {
 public:
  // A list view's styles for it, beside those of its parent's making.
  static constexpr DWORD kStyle =
      LVS_REPORT | LVS_OWNERDATA | LVS_SINGLESEL | LVS_SHOWSELALWAYS | WS_TABSTOP | WS_BORDER;

  // Takes over a list view that was just made, and has its font.
  void attach(HWND list, UINT dpi);
  // The font is another one now.
  void follow_scale(UINT dpi);
  // The icons of the rows: how far behind those for light colours the ones to show stand.
  void show_marks(int icon_offset);
  // The list view is going.
  void detach();

  // Shows these; what was selected stays so, wherever it is now.
  void show(std::vector<HistoryRow> rows);
  const std::vector<HistoryRow>& rows() const { return rows_; }
  const HistoryRow* selected() const;
  void select(const std::string& key);

  // What the list view tells its parent, as far as it is the list's own business. Whether the
  // selection may be another one now.
  bool on_notify(const NMHDR& header);

 private:
  void fill(NMLVDISPINFOW& asked) const;
  int text_width(const std::string& text) const;
  std::string selected_key() const;
  // With what has this key selected.
  void show_sorted(const std::string& key);
  void sort_by(HistoryColumn column);
  void show_arrow() const;
  void select_row(int row) const;

  HWND list_ = nullptr;
  UINT dpi_ = USER_DEFAULT_SCREEN_DPI;
  int icon_offset_ = 0;
  ImageListHandle marks_;
  std::vector<HistoryRow> rows_;
  HistoryOrder order_;
};

}  // namespace holdfast
