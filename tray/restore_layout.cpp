#include <windows.h>
#include <commctrl.h>

#include "tray/comparison_list.h"
#include "tray/restore_controls.h"
#include "tray/restore_window.h"

namespace holdfast {

using namespace restore;

void RestoreWindow::make_controls() {
  add(WC_STATICW, "", SS_LEFT | SS_NOPREFIX, kHeadline);
  add(WC_STATICW, "", SS_LEFT | SS_NOPREFIX, kWarning);
  add(WC_STATICW, "What the restore c&hanges:", SS_LEFT, kListLabel);
  make_comparison_columns(
      add(WC_LISTVIEWW, "What the restore changes", kComparisonListStyle, kList));
  add(WC_STATICW, "", SS_LEFT | SS_NOPREFIX, kNotes);
  add(WC_BUTTONW, "Restore it &although it may be of another application",
      BS_AUTOCHECKBOX | WS_TABSTOP, kForeign);
  add(WC_STATICW, "", SS_LEFT | SS_NOPREFIX, kProgressWords);
  add(PROGRESS_CLASSW, "Progress", 0, kProgress);
  add(WC_BUTTONW, "&Restore", BS_PUSHBUTTON | WS_TABSTOP, kRestore);
  add(WC_BUTTONW, "&Try again", BS_PUSHBUTTON | WS_TABSTOP, kRetry);
  add(WC_BUTTONW, "&Undo the restore", BS_PUSHBUTTON | WS_TABSTOP, kUndo);
  Button_SetElevationRequiredState(
      add(WC_BUTTONW, "Continue as &administrator", BS_PUSHBUTTON | WS_TABSTOP, kElevate), TRUE);
  add(WC_BUTTONW, "&Cancel", BS_DEFPUSHBUTTON | WS_TABSTOP, IDCANCEL);
}

void RestoreWindow::lay_out(SIZE client) {
  const int margin = scaled(14);
  const int gap = scaled(8);
  const int width = static_cast<int>(client.cx) - 2 * margin;
  int top = margin;
  for (const int id : {kHeadline, kWarning}) {
    const int height = wrapped_height(id, width);
    place(id, margin, top, width, height);
    if (height > 0) top += height + gap;
  }
  place(kListLabel, margin, top, width, text_height());
  top += text_height() + scaled(4);

  const int buttons = static_cast<int>(client.cy) - margin - button_height();
  int right = static_cast<int>(client.cx) - margin;
  for (const int id : {static_cast<int>(IDCANCEL), kUndo, kElevate, kRetry, kRestore}) {
    if ((::GetWindowLongW(control(id), GWL_STYLE) & WS_VISIBLE) == 0) continue;
    right -= button_width(id);
    place(id, right, buttons, button_width(id), button_height());
    right -= gap;
  }
  int bottom = buttons - gap;
  const int bar = scaled(16);
  place(kProgress, margin, bottom - bar, width, bar);
  bottom -= bar + scaled(4);
  place(kProgressWords, margin, bottom - text_height(), width, text_height());
  bottom -= text_height() + gap;
  if (!preview_.foreign.empty()) {
    place(kForeign, margin, bottom - button_height(), width, button_height());
    bottom -= button_height() + gap;
  }
  const int notes = wrapped_height(kNotes, width);
  place(kNotes, margin, bottom - notes, width, notes);
  bottom -= notes + gap;
  place(kList, margin, top, width, bottom - top);
  fit_comparison_columns(control(kList));
}

}  // namespace holdfast
