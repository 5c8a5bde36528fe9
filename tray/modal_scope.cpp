#include "tray/modal_scope.h"

namespace holdfast {

ModalScope* ModalScope::innermost = nullptr;

ModalScope::ModalScope(HWND asker)
    : outer_(innermost), owner_(outer_ != nullptr ? outer_->front() : asker) {
  const auto disable = [](HWND window, LPARAM scope) -> BOOL {
    auto* const self = reinterpret_cast<ModalScope*>(scope);
    if (window == self->owner_ || !::IsWindowVisible(window) || !::IsWindowEnabled(window)) {
      return TRUE;
    }
    self->disabled_.push_back(window);
    ::EnableWindow(window, FALSE);
    return TRUE;
  };
  ::EnumThreadWindows(::GetCurrentThreadId(), disable, reinterpret_cast<LPARAM>(this));
  innermost = this;
}

ModalScope::~ModalScope() {
  for (const HWND window : disabled_) ::EnableWindow(window, TRUE);
  innermost = outer_;
}

void ModalScope::shown(HWND window) {
  window_ = window;
  ::SetForegroundWindow(window);
}

// A dialog of the shell does not tell its window; its owner knows it.
HWND ModalScope::front() const {
  if (window_ != nullptr) return window_;
  return owner_ != nullptr ? ::GetLastActivePopup(owner_) : nullptr;
}

bool ModalScope::bring_forward() {
  if (innermost == nullptr) return false;
  const HWND window = innermost->front();
  if (window != nullptr) ::SetForegroundWindow(window);
  return true;
}

}  // namespace holdfast
