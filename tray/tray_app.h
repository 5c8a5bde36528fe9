#pragma once

#include <windows.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tray/announcement_choice.h"
#include "tray/cloud_watch.h"
#include "tray/inbox.h"
#include "tray/menu_model.h"
#include "tray/service_calls.h"
#include "tray/status_follower.h"
#include "tray/status_view.h"
#include "tray/top_level_window.h"
#include "tray/tray_icon.h"
#include "tray/tray_windows.h"

namespace holdfast {

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
  void on_command(int id);
  void open_announced();
  void on_timer(UINT_PTR timer);
  void show_state();
  void announce_state(const Status& status);
  // Opens the set-up, once after the start, where nothing is protected.
  void offer_setup(const Status& status);
  void take_what_was_told();
  void take_notice(const nlohmann::json& params);
  void announce(const Announcement& announcement);
  void back_up(const std::string& dataset);
  // For what another thread does; its failure pops up, and a click on that opens nothing.
  std::function<void(const std::string& why)> tell_of_failure(const std::string& title);
  void take_failures();
  void keep_icon();
  void open_menu(POINT place);
  // Closes the menu first, where it is open, and comes back: it would stay open below a window.
  bool menu_gives_way(int id);
  bool about_gives_way(int id);
  void end();

  UINT taskbar_created_;
  WindowHandle window_;
  SystemClock clock_;
  Inbox<Notification> told_;
  StatusFollower service_;
  ServiceCalls calls_;
  CloudWatch cloud_;
  // After what follows the service, so that the icon goes before its thread is awaited.
  TrayIcon icon_;
  TrayWindows windows_;
  StatusView view_;
  std::vector<MenuLine> menu_;  // as it is, or as it was when it was opened
  AnnouncementChoice announcements_;
  Announcement announced_;  // the last one
  std::shared_ptr<Inbox<Announcement>> failures_ = std::make_shared<Inbox<Announcement>>();
  bool is_connected_ = false;
  bool setup_was_offered_ = false;
  bool menu_is_open_ = false;
};

}  // namespace holdfast
