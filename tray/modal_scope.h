#pragma once

#include <windows.h>

#include <vector>

namespace holdfast {

// A question, or a dialog of the shell, that has to be answered before anything else: it runs the
// messages itself, and the keyboard of the tray's other windows would be dead beneath it. While it
// lives they are disabled, and it leaves them as they were. One may be asked over another, and then
// belongs to that. Used by the window's thread only.
class ModalScope {
 public:
  explicit ModalScope(HWND asker);
  ModalScope(const ModalScope&) = delete;
  ModalScope& operator=(const ModalScope&) = delete;
  ~ModalScope();

  // What the question is to be owned by, which disables that itself.
  HWND owner() const { return owner_; }
  // The question is on the screen, and comes to the front.
  void shown(HWND window);

  // Brings the question that is asked now to the front. False when none is.
  static bool bring_forward();

 private:
  static ModalScope* innermost;  // as the thread has them, one over another

  HWND front() const;

  ModalScope* outer_;
  HWND owner_;
  HWND window_ = nullptr;
  std::vector<HWND> disabled_;
};

}  // namespace holdfast
