#pragma once

#include <windows.h>

#include <functional>
#include <memory>
#include <string_view>

#include "tray/ask_service.h"
#include "tray/window_theme.h"

namespace holdfast {

// A dialog of the resources that stays open beside the tray's other windows and asks the service.
// It is there from show() to end(), and may be opened again. Where the screen is too small for it,
// it scrolls, and what has the keyboard's focus is in view. Used by the window's thread only, and
// never waits for the service.
class DialogWindow {
 public:
  DialogWindow(const DialogWindow&) = delete;
  DialogWindow& operator=(const DialogWindow&) = delete;
  virtual ~DialogWindow();

  bool is_open() const { return window_ != nullptr; }
  // When it is open already, brings it forward.
  void show();
  // As if the user had cancelled it.
  void close();

  // Whether the message was one of the keyboard for one of these dialogs, and is done with.
  static bool takes_key(MSG& message);

 protected:
  DialogWindow(int resource, AskService ask);

  void end(int result);

  // The controls are there, with nothing in them.
  virtual void on_open() = 0;
  virtual void on_command(int control, int event) = 0;
  // What the service has refused, or that it is away.
  virtual void fail(const Error& failure) = 0;
  virtual bool tells_fault(int control) const = 0;
  virtual void on_timer() {}
  // Ctrl+B was pressed.
  virtual void on_back_up() {}
  // A message of the dialog's own, from WM_APP on.
  virtual void on_message(UINT, LPARAM) {}
  // The dialog is gone.
  virtual void on_end(int) {}

  HWND window() const { return window_; }
  // Asks, and leaves the answer alone when the dialog was closed meanwhile.
  void ask(std::string_view method, const nlohmann::json& params,
           std::function<void(const nlohmann::json&)> then);
  void ask_for_all_of(std::string_view method, const std::string& list,
                      std::function<void(const nlohmann::json&)> then);
  // For what asks without these; the answer comes whatever it is.
  const AskService& service() const { return ask_; }
  std::function<void(const ServiceAnswer&)> while_open(
      std::function<void(const ServiceAnswer&)> then) const;

 private:
  static INT_PTR CALLBACK procedure(HWND dialog, UINT message, WPARAM first, LPARAM second);
  INT_PTR handle(UINT message, WPARAM first, LPARAM second);
  void open();
  void begin(HWND dialog);
  std::function<void(const ServiceAnswer&)> result_of(
      std::function<void(const nlohmann::json&)> then);
  void fit_to_screen();
  void scroll(int wanted);
  void on_scroll(int request);
  void show_focus();

  int resource_;
  AskService ask_;
  HWND window_ = nullptr;
  std::shared_ptr<int> life_;  // of what is shown now, for answers that come late
  WindowTheme theme_;
  int height_ = 0;    // of all controls, where they do not fit
  int scrolled_ = 0;  // how far they are moved up
};

}  // namespace holdfast
