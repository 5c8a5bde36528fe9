#pragma once

#include <windows.h>

#include <string>

namespace holdfast {

class ModalScope;

// Used by the window's thread only.
class AboutDialog {
 public:
  // Returns when the dialog is closed. Only while no other question is open.
  void show(const std::string& text);
  bool is_open() const { return window_ != nullptr; }
  void close();

 private:
  static HRESULT CALLBACK on_event(HWND dialog, UINT event, WPARAM, LPARAM, LONG_PTR self);

  HWND window_ = nullptr;
  ModalScope* scope_ = nullptr;  // while it is shown
};

}  // namespace holdfast
