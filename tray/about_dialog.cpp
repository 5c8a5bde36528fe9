#include "tray/about_dialog.h"

#include <windows.h>
#include <commctrl.h>

#include "common/utf16.h"
#include "tray/modal_scope.h"
#include "tray/resource.h"

namespace holdfast {

void AboutDialog::show(const std::string& text) {
  ModalScope scope(nullptr);
  scope_ = &scope;
  const std::wstring content = to_utf16(text);
  TASKDIALOGCONFIG config{};
  config.cbSize = sizeof config;
  config.hwndParent = scope.owner();
  config.hInstance = ::GetModuleHandleW(nullptr);
  config.dwFlags = TDF_ALLOW_DIALOG_CANCELLATION;
  config.dwCommonButtons = TDCBF_OK_BUTTON;
  config.pszWindowTitle = L"About Holdfast";
  config.pszMainIcon = MAKEINTRESOURCEW(ICON_HOLDFAST);
  config.pszMainInstruction = L"Holdfast";
  config.pszContent = content.c_str();
  config.pfCallback = &on_event;
  config.lpCallbackData = reinterpret_cast<LONG_PTR>(this);
  ::TaskDialogIndirect(&config, nullptr, nullptr, nullptr);
  window_ = nullptr;
}

void AboutDialog::close() {
  if (window_ != nullptr) ::PostMessageW(window_, TDM_CLICK_BUTTON, IDOK, 0);
}

HRESULT CALLBACK AboutDialog::on_event(HWND dialog, UINT event, WPARAM, LPARAM, LONG_PTR self) {
  auto* const about = reinterpret_cast<AboutDialog*>(self);
  if (event == TDN_CREATED) {
    about->window_ = dialog;
    about->scope_->shown(dialog);
  }
  if (event == TDN_DESTROYED) about->window_ = nullptr;
  return S_OK;
}

}  // namespace holdfast
