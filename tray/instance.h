#pragma once

#include <windows.h>

#include <chrono>

#include "common/unique_handle.h"

namespace holdfast {

// One tray runs in each session. It is found by its window's class, also by other versions of this
// program: neither the class nor the message changes.
constexpr const wchar_t* kTrayWindowClass = L"HoldfastTray";
// Asks the instance that runs to show itself.
constexpr UINT kShowMessage = WM_APP + 1;

// What makes this process the session's instance while it is held; empty when another is.
KernelHandle claim_session();

// Gives an instance that is only just starting a moment to be there.
void show_running_instance();

// Asks the instance that runs to close. Whether none runs any more.
bool quit_running_instance(std::chrono::milliseconds deadline);

}  // namespace holdfast
