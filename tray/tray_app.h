#pragma once

#include <windows.h>

#include "common/unique_handle.h"
#include "tray/about_dialog.h"
#include "tray/status_follower.h"
#include "tray/status_view.h"
#include "tray/tray_icon.h"

namespace holdfast {

struct WindowTraits {
  using Handle = HWND;
  static Handle none() { return nullptr; }
  static void close(Handle window) { ::DestroyWindow(window); }
};
using WindowHandle = UniqueHandle<WindowTraits>;

// The tray: a window that is never seen, its icon, its menu. The window's title is the icon's
// tooltip, for screen readers and tests. All of it lives on one thread.
class TrayApp {
 public:
  // Throws Error when there can be no window.
  TrayApp();
  TrayApp(const TrayApp&) = delete;
  TrayApp& operator=(const TrayApp&) = delete;
  ~TrayApp();

  // Until the user, the session's end or another program ends it.
  void run();

 private:
  static LRESULT CALLBACK window_proc(HWND window, UINT message, WPARAM first,
                                      LPARAM second) noexcept;
  LRESULT handle(UINT message, WPARAM first, LPARAM second);
  void on_icon_event(UINT event, POINT place);
  void on_command(MenuCommand command);
  void on_timer(UINT_PTR timer);
  void show_state();
  void keep_icon();
  void open_menu(POINT place);
  void show_about();
  void end();

  UINT taskbar_created_;
  WindowHandle window_;
  StatusFollower service_;
  // After what follows the service, so that the icon goes before its thread is awaited.
  TrayIcon icon_;
  AboutDialog about_;
  StatusView view_;
  bool menu_is_open_ = false;
};

}  // namespace holdfast
