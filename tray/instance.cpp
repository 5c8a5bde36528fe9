#include "tray/instance.h"

#include <thread>

namespace holdfast {
namespace {

using namespace std::chrono_literals;

HWND running_window() {
  return ::FindWindowW(kTrayWindowClass, nullptr);
}

DWORD process_of(HWND window) {
  DWORD process = 0;
  ::GetWindowThreadProcessId(window, &process);
  return process;
}

}  // namespace

KernelHandle claim_session() {
  KernelHandle mutex(::CreateMutexW(nullptr, FALSE, L"Local\\HoldfastTray"));
  // An elevated instance's mutex cannot be opened from here: access denied also means taken.
  if (!mutex || ::GetLastError() == ERROR_ALREADY_EXISTS) return {};
  return mutex;
}

void show_running_instance() {
  constexpr int kAttempts = 40;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (const HWND window = running_window()) {
      // This process was started by the user and may hand the foreground on.
      ::AllowSetForegroundWindow(process_of(window));
      ::PostMessageW(window, kShowMessage, 0, 0);
      return;
    }
    std::this_thread::sleep_for(50ms);
  }
}

bool quit_running_instance(std::chrono::milliseconds deadline) {
  const HWND window = running_window();
  if (window == nullptr) return true;
  const KernelHandle process(::OpenProcess(SYNCHRONIZE, FALSE, process_of(window)));
  ::PostMessageW(window, WM_CLOSE, 0, 0);
  if (!process) return !::IsWindow(window);
  return ::WaitForSingleObject(process.get(), static_cast<DWORD>(deadline.count())) ==
         WAIT_OBJECT_0;
}

}  // namespace holdfast
