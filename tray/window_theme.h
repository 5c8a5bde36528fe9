#pragma once

#include <windows.h>

#include <optional>

#include "common/unique_handle.h"
#include "tray/window_colours.h"

namespace holdfast {

struct BrushTraits {
  using Handle = HBRUSH;
  static Handle none() { return nullptr; }
  static void close(Handle brush) { ::DeleteObject(brush); }
};
using BrushHandle = UniqueHandle<BrushTraits>;

// One window in the colours that the user has chosen for programs, with its title bar and its
// controls. Where that is light, or a contrast theme, it is left to Windows. Used by the window's
// thread only.
class WindowTheme {
 public:
  // For a window whose controls are there. Looks at what is chosen now.
  void apply(HWND window);
  // The user may have chosen something else. Whether it is another scheme than before.
  bool follow(HWND window);

  bool is_dark() const { return scheme_ == ColourScheme::Dark; }
  // Fills a window's background; false where Windows does it.
  bool erase(HWND window, HDC context) const;

  // What a WM_CTLCOLOR... is answered with; nothing where Windows has to answer it.
  enum class Words { Plain, Fault };
  std::optional<LRESULT> colour(UINT message, HDC context, Words words) const;

 private:
  ColourScheme scheme_ = ColourScheme::Light;
  BrushHandle background_;
  BrushHandle field_;
};

// Whether the message asks for the colours of a control.
bool asks_for_colour(UINT message);

}  // namespace holdfast
