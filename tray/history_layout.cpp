#include <windows.h>
#include <commctrl.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "tray/history_controls.h"
#include "tray/history_window.h"
#include "tray/window_layout.h"

namespace holdfast {

using namespace history;

void HistoryWindow::make_controls() {
  add(WC_STATICW, "&Dataset:", SS_LEFT, kDatasetLabel);
  add(WC_COMBOBOXW, "", CBS_DROPDOWNLIST | WS_VSCROLL | WS_TABSTOP, kDataset);
  // Until there is a choice.
  set_shown(kDatasetLabel, false);
  set_shown(kDataset, false);
  add(WC_STATICW, "", SS_LEFT | SS_NOPREFIX, kHeadline);
  add(WC_STATICW, "Bac&kups and runs:", SS_LEFT, kListLabel);
  list_.attach(add(WC_LISTVIEWW, "Backups and runs", HistoryList::kStyle, kList),
               ::GetDpiForWindow(window()));
  add(WC_STATICW, "", SS_LEFT | SS_NOPREFIX, kDetail);
  add(WC_STATICW, "", SS_LEFT | SS_NOPREFIX, kProgressWords);
  add(PROGRESS_CLASSW, "Progress", 0, kProgress);
  add(WC_BUTTONW, "&Cancel", BS_PUSHBUTTON | WS_TABSTOP, kCancel);
  add(WC_BUTTONW, "Show &all runs", BS_AUTOCHECKBOX | WS_TABSTOP, kAllRuns);
  const std::pair<int, const char*> buttons[] = {{kBackUp, "&Back up now (Ctrl+B)"},
                                                 {kRestore, "&Restore..."},
                                                 {kVerify, "&Verify"},
                                                 {kExport, "&Export..."},
                                                 {kDelete, "De&lete..."},
                                                 {kRefresh, "Re&fresh"},
                                                 {kOpenFolder, "&Open folder"}};
  for (const auto& [id, text] : buttons) add(WC_BUTTONW, text, BS_PUSHBUTTON | WS_TABSTOP, id);
}

void HistoryWindow::lay_out(SIZE client) {
  const int margin = scaled(12);
  const int gap = scaled(8);
  const int width = static_cast<int>(client.cx) - 2 * margin;
  int top = margin;
  if (has_choice()) {
    const int label = text_width("Dataset:") + gap;
    place(kDatasetLabel, margin, top + scaled(4), label, text_height());
    // Its height is that of the list that drops down.
    place(kDataset, margin + label, top, std::min(scaled(320), width - label), scaled(240));
    top += text_height() + scaled(10) + gap;
  }
  place(kHeadline, margin, top, width, 2 * text_height());
  top += 2 * text_height() + gap;
  place(kListLabel, margin, top, width, text_height());
  top += text_height() + scaled(4);

  const int buttons = lay_out_buttons({.left = margin,
                                       .top = top,
                                       .right = margin + width,
                                       .bottom = static_cast<int>(client.cy) - margin});
  const int progress = buttons - gap - button_height();
  const int cancel = button_width(kCancel);
  const int all_runs = text_width("Show all runs") + scaled(28);
  const int bar = std::min(scaled(180), width / 4);
  const int text_top = progress + (button_height() - text_height()) / 2;
  place(kAllRuns, margin + width - all_runs, progress, all_runs, button_height());
  const int words = width - all_runs - bar - cancel - 3 * gap;
  place(kProgressWords, margin, text_top, words, text_height());
  place(kProgress, margin + words + gap, progress + scaled(6), bar, button_height() - scaled(12));
  place(kCancel, margin + words + bar + 2 * gap, progress, cancel, button_height());
  const int detail = progress - gap - 2 * text_height();
  place(kDetail, margin, detail, width, 2 * text_height());
  place(kList, margin, top, width, detail - gap - top);
}

// What is done with a backup stands on the left, and the rest on the right where all of it fits in
// one row. Returns where the buttons begin.
int HistoryWindow::lay_out_buttons(const RECT& area) const {
  constexpr std::array kButtons{kBackUp, kRestore, kVerify,    kExport,
                                kDelete, kRefresh, kOpenFolder};
  constexpr std::size_t kFirstOnTheRight = 5;
  const int gap = scaled(8);
  const int width = static_cast<int>(area.right - area.left);
  std::vector<int> widths;
  widths.reserve(kButtons.size());
  for (const int id : kButtons) widths.push_back(button_width(id));
  const std::vector<FlowPlace> places = flow(widths, width, gap);
  const int rows = places.back().row + 1;
  const int used = places.back().left + widths.back();
  const int top = static_cast<int>(area.bottom) - rows * button_height() - (rows - 1) * gap;
  for (std::size_t i = 0; i < kButtons.size(); ++i) {
    const int moved = rows == 1 && i >= kFirstOnTheRight ? width - used : 0;
    place(kButtons.at(i), static_cast<int>(area.left) + places[i].left + moved,
          top + places[i].row * (button_height() + gap), widths[i], button_height());
  }
  return top;
}

}  // namespace holdfast
