#include "tray/question.h"

#include <windows.h>
#include <commctrl.h>

#include "common/utf16.h"
#include "tray/modal_scope.h"
#include "tray/resource.h"

namespace holdfast {
namespace {

HRESULT CALLBACK on_event(HWND dialog, UINT event, WPARAM, LPARAM, LONG_PTR scope) {
  if (event == TDN_CREATED) reinterpret_cast<ModalScope*>(scope)->shown(dialog);
  return S_OK;
}

int asked(TASKDIALOGCONFIG& config, HWND asker) {
  ModalScope scope(asker);
  config.cbSize = sizeof config;
  config.hwndParent = scope.owner();
  config.hInstance = ::GetModuleHandleW(nullptr);
  config.dwFlags = TDF_ALLOW_DIALOG_CANCELLATION | TDF_POSITION_RELATIVE_TO_WINDOW;
  config.pfCallback = &on_event;
  config.lpCallbackData = reinterpret_cast<LONG_PTR>(&scope);
  int chosen = IDCANCEL;
  ::TaskDialogIndirect(&config, &chosen, nullptr, nullptr);
  return chosen;
}

}  // namespace

bool is_confirmed(HWND asker, const Question& question) {
  constexpr int kConfirmed = 100;
  const std::wstring title = to_utf16(question.title);
  const std::wstring headline = to_utf16(question.headline);
  const std::wstring text = to_utf16(question.text);
  const std::wstring button = to_utf16(question.button);
  const TASKDIALOG_BUTTON confirm{kConfirmed, button.c_str()};
  TASKDIALOGCONFIG config{};
  config.dwCommonButtons = TDCBF_CANCEL_BUTTON;
  config.pszWindowTitle = title.c_str();
  config.pszMainIcon = TD_WARNING_ICON;
  config.pszMainInstruction = headline.c_str();
  config.pszContent = text.c_str();
  config.cButtons = 1;
  config.pButtons = &confirm;
  config.nDefaultButton = IDCANCEL;
  return asked(config, asker) == kConfirmed;
}

void tell_failure(HWND asker, const std::string& headline, const Error& failure) {
  const std::string words =
      failure.action().empty() ? failure.what() : failure.what() + ("\n\n" + failure.action());
  const std::wstring instruction = to_utf16(headline);
  const std::wstring content = to_utf16(words);
  TASKDIALOGCONFIG config{};
  config.dwCommonButtons = TDCBF_CLOSE_BUTTON;
  config.pszWindowTitle = L"Holdfast";
  config.pszMainIcon = TD_ERROR_ICON;
  config.pszMainInstruction = instruction.c_str();
  config.pszContent = content.c_str();
  asked(config, asker);
}

}  // namespace holdfast
