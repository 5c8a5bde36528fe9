#pragma once

#include <windows.h>

#include <map>
#include <string>

#include "common/unique_handle.h"
#include "tray/pending_announcements.h"
#include "tray/status_view.h"
#include "tray/taskbar_theme.h"

namespace holdfast {

struct IconTraits {
  using Handle = HICON;
  static Handle none() { return nullptr; }
  static void close(Handle icon) { ::DestroyIcon(icon); }
};
using IconHandle = UniqueHandle<IconTraits>;

// The icon in the notification area, from its first show() to remove() or its end. What the user
// does with it arrives at `window` as `message`, in the form of NOTIFYICON_VERSION_4. Used by the
// window's thread only.
class TrayIcon {
 public:
  TrayIcon(HWND window, UINT message);
  TrayIcon(const TrayIcon&) = delete;
  TrayIcon& operator=(const TrayIcon&) = delete;
  ~TrayIcon();

  void show(IconState state, const std::string& tooltip);
  void show_next_frame();
  // For when the taskbar was made anew, and for another attempt while the icon is not shown.
  void add_again();
  // Takes up the taskbar's theme and scale where they have changed.
  void follow_taskbar();
  // Says something beside it, as soon as it is shown; a click on that arrives as
  // NIN_BALLOONUSERCLICK.
  void announce(const Announcement& announcement);
  void remove();

  // The shell may refuse the icon, right after sign-in above all.
  bool is_shown() const { return shown_; }

 private:
  struct Style {
    TaskbarTheme theme = TaskbarTheme::Dark;
    int size = 0;
    bool operator==(const Style&) const = default;
  };

  Style current_style() const;
  void tell_shell();
  void tell_pending();
  bool is_taken_by_shell(const Announcement& announcement) const;
  HICON image();

  HWND window_;
  UINT message_;
  IconState state_ = IconState::Away;
  int frame_ = 0;
  std::string tooltip_;
  Style style_;
  PendingAnnouncements pending_;
  std::map<int, IconHandle> images_;  // by resource, in the present style
  bool shown_ = false;
};

}  // namespace holdfast
