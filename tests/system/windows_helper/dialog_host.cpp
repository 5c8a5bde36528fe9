// Shows one of the tray's dialogs without the tray, each question to the service on a connection of
// its own:
//   dialog_host settings
//   dialog_host setup     exit code 0 when it was done, 1 when it was skipped, 2 when it was closed

#include <windows.h>
#include <commctrl.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "common/protocol/connect_to_service.h"
#include "tray/settings_dialog.h"
#include "tray/setup_dialog.h"

namespace {

using namespace holdfast;
using Then = std::function<void(const ServiceAnswer&)>;

constexpr UINT kAnswerMessage = WM_APP + 1;
constexpr std::chrono::seconds kDeadline{20};

struct Answered {
  Then then;
  ServiceAnswer answer;
};

LRESULT CALLBACK take_answer(HWND window, UINT message, WPARAM first, LPARAM second) {
  if (message != kAnswerMessage) return ::DefWindowProcW(window, message, first, second);
  const std::unique_ptr<Answered> answered(reinterpret_cast<Answered*>(second));
  answered->then(answered->answer);
  return 0;
}

HWND answer_window() {
  const WNDCLASSEXW window_class{.cbSize = sizeof window_class,
                                 .lpfnWndProc = &take_answer,
                                 .hInstance = ::GetModuleHandleW(nullptr),
                                 .lpszClassName = L"HoldfastDialogHost"};
  ::RegisterClassExW(&window_class);
  return ::CreateWindowExW(0, L"HoldfastDialogHost", L"", 0, 0, 0, 0, 0, HWND_MESSAGE, nullptr,
                           ::GetModuleHandleW(nullptr), nullptr);
}

ServiceAnswer answer_of(const std::string& method, const nlohmann::json& params) {
  try {
    return {.result = connect_to_service("dialog_host", kDeadline)->call(method, params, kDeadline),
            .failure = std::nullopt};
  } catch (const Error& failure) {
    return {.result = {}, .failure = failure};
  }
}

}  // namespace

int wmain(int argc, wchar_t** argv) {
  const HWND window = answer_window();
  const AskService ask = [window](std::string_view method, nlohmann::json params, Then then) {
    std::thread([window, method = std::string(method), params = std::move(params),
                 then = std::move(then)]() mutable {
      auto answered = std::make_unique<Answered>(Answered{std::move(then), {}});
      answered->answer = answer_of(method, params);
      ::PostMessageW(window, kAnswerMessage, 0, reinterpret_cast<LPARAM>(answered.release()));
    }).detach();
  };
  const INITCOMMONCONTROLSEX controls{.dwSize = sizeof controls,
                                      .dwICC = ICC_STANDARD_CLASSES | ICC_PROGRESS_CLASS};
  ::InitCommonControlsEx(&controls);
  const bool shows_setup = argc > 1 && std::wstring(argv[1]) == L"setup";
  int result = 0;
  SettingsDialog* asked_from = nullptr;
  SetupDialog setup(ask, [&](SetupDialog::Result told) {
    if (shows_setup) result = static_cast<int>(told);
    if (asked_from != nullptr) asked_from->refresh();
  });
  SettingsDialog settings(ask, [&setup] { setup.show(); });
  asked_from = &settings;
  if (shows_setup) {
    setup.show();
  } else {
    settings.show();
  }
  MSG message{};
  while ((setup.is_open() || settings.is_open()) && ::GetMessageW(&message, nullptr, 0, 0) > 0) {
    if (DialogWindow::takes_key(message)) continue;
    ::TranslateMessage(&message);
    ::DispatchMessageW(&message);
  }
  return result;
}
