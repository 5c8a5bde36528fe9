#pragma once

#include <windows.h>

#include <string>

namespace holdfast {

// At most one at a time. Used by the window's thread only.
class AboutDialog {
 public:
  // Returns when the dialog is closed; when one is open already, brings it forward and returns.
  void show(const std::string& text);
  void close();

 private:
  static HRESULT CALLBACK on_event(HWND dialog, UINT event, WPARAM, LPARAM, LONG_PTR self);

  HWND window_ = nullptr;
};

}  // namespace holdfast
