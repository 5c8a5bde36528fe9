#include "tray/restore_program.h"

#include <windows.h>
#include <objbase.h>
#include <shellapi.h>

#include <exception>
#include <thread>
#include <utility>

#include <spdlog/spdlog.h>

#include "common/protocol/messages.h"
#include "common/utf16.h"
#include "common/windows_error.h"
#include "tray/program_path.h"
#include "tray/run_view.h"
#include "tray/service_link.h"

namespace holdfast {
namespace {

constexpr const wchar_t* kWindowClass = L"HoldfastRestoreProgram";
constexpr UINT kToldMessage = WM_APP + 1;
constexpr UINT kAnswersMessage = WM_APP + 2;

HWND create_window(WNDPROC procedure) {
  const HINSTANCE program = ::GetModuleHandleW(nullptr);
  const WNDCLASSEXW window_class{.cbSize = sizeof window_class,
                                 .lpfnWndProc = procedure,
                                 .hInstance = program,
                                 .lpszClassName = kWindowClass};
  ::RegisterClassExW(&window_class);
  const HWND window = ::CreateWindowExW(0, kWindowClass, L"", 0, 0, 0, 0, 0, HWND_MESSAGE, nullptr,
                                        program, nullptr);
  if (window == nullptr) {
    throw windows_error("Cannot open a window", ::GetLastError(), "Close other programs.");
  }
  return window;
}

}  // namespace

RestoreProgram::RestoreProgram()
    : window_(create_window(&window_proc)),
      service_(
          &open_tray_connection, [] {},
          [this, window = window_.get()](const Notification& told) {
            told_.put(told);
            ::PostMessageW(window, kToldMessage, 0, 0);
          }),
      calls_(&open_tray_connection,
             [window = window_.get()] { ::PostMessageW(window, kAnswersMessage, 0, 0); }),
      restore_(calls_) {
  ::SetWindowLongPtrW(window_.get(), GWLP_USERDATA, reinterpret_cast<LONG_PTR>(this));
}

RestoreProgram::~RestoreProgram() {
  ::SetWindowLongPtrW(window_.get(), GWLP_USERDATA, 0);
}

void RestoreProgram::run(const std::string& dataset, const std::string& archive) {
  restore_.show(dataset, dataset, archive);
  MSG message{};
  while (restore_.is_open() && ::GetMessageW(&message, nullptr, 0, 0) > 0) {
    if (TopLevelWindow::takes_key(message)) continue;
    ::TranslateMessage(&message);
    ::DispatchMessageW(&message);
  }
}

LRESULT CALLBACK RestoreProgram::window_proc(HWND window, UINT message, WPARAM first,
                                             LPARAM second) noexcept {
  auto* const self = reinterpret_cast<RestoreProgram*>(::GetWindowLongPtrW(window, GWLP_USERDATA));
  try {
    if (self != nullptr && message == kToldMessage) self->take_what_was_told();
    if (self != nullptr && message == kAnswersMessage) self->calls_.deliver();
  } catch (const std::exception& surprise) {
    spdlog::error("Message {:#x} failed: {}", message, surprise.what());
  }
  return ::DefWindowProcW(window, message, first, second);
}

void RestoreProgram::take_what_was_told() {
  for (const Notification& told : told_.take_all()) {
    if (told.method == method::kProgress) restore_.follow(run_view(told.params));
  }
}

void restore_as_administrator(HWND owner, const std::string& dataset, const std::string& archive,
                              std::function<void(bool is_started)> then) {
  const std::wstring program = program_path().wstring();
  // Neither an id nor a file name holds quotes or ends in a backslash.
  const std::wstring arguments = to_utf16("--restore \"" + dataset + "\" \"" + archive + "\"");
  // A thread that ends with what it does: its user may leave the question of Windows unanswered.
  std::thread([owner, program, arguments, then = std::move(then)] {
    const HRESULT entered =
        ::CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED | COINIT_DISABLE_OLE1DDE);
    SHELLEXECUTEINFOW info{};
    info.cbSize = sizeof info;
    info.fMask = SEE_MASK_NOASYNC;
    info.hwnd = owner;
    info.lpVerb = L"runas";
    info.lpFile = program.c_str();
    info.lpParameters = arguments.c_str();
    info.nShow = SW_SHOWNORMAL;
    then(::ShellExecuteExW(&info) != FALSE);
    if (SUCCEEDED(entered)) ::CoUninitialize();
  }).detach();
}

}  // namespace holdfast
