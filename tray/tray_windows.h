#pragma once

#include <windows.h>

#include <string>

#include "tray/about_dialog.h"
#include "tray/history_window.h"
#include "tray/restore_window.h"
#include "tray/run_view.h"
#include "tray/service_calls.h"
#include "tray/service_state.h"
#include "tray/settings_dialog.h"
#include "tray/setup_dialog.h"

namespace holdfast {

// All windows that the tray's user may see, but for the icon and its menu. Used by the window's
// thread only.
class TrayWindows {
 public:
  explicit TrayWindows(ServiceCalls& calls);

  // Of the dataset, or of any where none is named.
  void show_history(const ServiceState& state, const std::string& dataset,
                    HistoryWindow::Purpose purpose);
  // Returns when it is closed; only while no other question is open.
  void show_about(const ServiceState& state);
  bool is_about_open() const { return about_.is_open(); }
  void close_about() { about_.close(); }
  void show_settings() { settings_.show(); }
  void show_setup() { setup_.show(); }
  void close();

  // Whether the message was one of the keyboard for one of the windows, and is done with.
  static bool takes_key(MSG& message);

  // What the service tells of itself.
  void follow(const ServiceState& state);
  void follow(const RunView& run);
  void follow_notice(const std::string& dataset) { history_.refresh(dataset); }
  bool tells_of_restores(const std::string& dataset) const { return restore_.tells_of(dataset); }

 private:
  void take_setup(SetupDialog::Result result);
  void show_restore(const std::string& dataset, const std::string& archive);

  ServiceState state_;
  RestoreWindow restore_;
  HistoryWindow history_;
  AboutDialog about_;
  SetupDialog setup_;
  SettingsDialog settings_;
};

}  // namespace holdfast
