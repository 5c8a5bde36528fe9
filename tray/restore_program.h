#pragma once

#include <windows.h>

#include <functional>
#include <string>

#include "tray/inbox.h"
#include "tray/restore_window.h"
#include "tray/service_calls.h"
#include "tray/status_follower.h"
#include "tray/top_level_window.h"

namespace holdfast {

// The restore window as a program of its own. The tray has only its user's rights, and what is
// everybody's may be restored by administrators alone: so it starts this one as one.
class RestoreProgram {
 public:
  // Throws Error when there can be no window.
  RestoreProgram();
  RestoreProgram(const RestoreProgram&) = delete;
  RestoreProgram& operator=(const RestoreProgram&) = delete;
  ~RestoreProgram();

  // Until its window is closed.
  void run(const std::string& dataset, const std::string& archive);

 private:
  static LRESULT CALLBACK window_proc(HWND window, UINT message, WPARAM first,
                                      LPARAM second) noexcept;
  void take_what_was_told();

  WindowHandle window_;  // is never seen: what the threads tell arrives there
  Inbox<Notification> told_;
  StatusFollower service_;
  ServiceCalls calls_;
  RestoreWindow restore_;
};

// Starts this program so, after Windows has asked its user. Returns at once; `then` is called on
// another thread, with whether it was started.
void restore_as_administrator(HWND owner, const std::string& dataset, const std::string& archive,
                              std::function<void(bool is_started)> then);

}  // namespace holdfast
