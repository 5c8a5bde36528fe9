#include <windows.h>
#include <commctrl.h>
#include <objbase.h>
#include <shellapi.h>
#include <shlobj.h>
#include <version.h>

#include <chrono>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include <spdlog/spdlog.h>

#include "common/error.h"
#include "common/logging.h"
#include "common/unique_handle.h"
#include "common/utf16.h"
#include "tray/instance.h"
#include "tray/restore_program.h"
#include "tray/tray_app.h"

namespace holdfast {
namespace {

constexpr int kSuccess = 0;
constexpr int kFailure = 1;
constexpr int kUsage = 64;

std::vector<std::string> arguments() {
  int count = 0;
  wchar_t** const words = ::CommandLineToArgvW(::GetCommandLineW(), &count);
  const LocalMemory owner(words);
  std::vector<std::string> arguments;
  for (int i = 1; i < count; ++i) arguments.push_back(to_utf8(words[i]));
  return arguments;
}

std::filesystem::path log_file() {
  wchar_t* local = nullptr;
  const HRESULT found = ::SHGetKnownFolderPath(FOLDERID_LocalAppData, 0, nullptr, &local);
  const std::filesystem::path folder = SUCCEEDED(found) ? local : L"";
  ::CoTaskMemFree(local);
  return folder / L"Holdfast" / L"tray.log";
}

// A tray without a log is better than none.
void start_log() {
  try {
    const std::filesystem::path file = log_file();
    std::error_code ignored;
    std::filesystem::create_directories(file.parent_path(), ignored);
    log_to(file, LogEcho::FileOnly);
  } catch (const Error&) {
    spdlog::set_level(spdlog::level::off);
  }
}

void prepare_windows() {
  const INITCOMMONCONTROLSEX classes{
      .dwSize = sizeof classes,
      .dwICC = ICC_LISTVIEW_CLASSES | ICC_PROGRESS_CLASS | ICC_STANDARD_CLASSES};
  ::InitCommonControlsEx(&classes);
  // For the shell's dialogs, until the process ends.
  ::CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED | COINIT_DISABLE_OLE1DDE);
}

int run_tray() {
  const KernelHandle session = claim_session();
  if (!session) {
    show_running_instance();
    return kSuccess;
  }
  // The tray comes back after an update that had to close it. Sign-in starts it anyway.
  ::RegisterApplicationRestart(L"", RESTART_NO_REBOOT);
  spdlog::info("Holdfast tray {} started.", HOLDFAST_VERSION);
  prepare_windows();
  TrayApp().run();
  spdlog::info("Holdfast tray ended.");
  return kSuccess;
}

int quit_tray() {
  if (quit_running_instance(std::chrono::seconds(5))) return kSuccess;
  spdlog::error("The tray of this session did not close in time.");
  return kFailure;
}

int restore(const std::string& dataset, const std::string& archive) {
  prepare_windows();
  RestoreProgram().run(dataset, archive);
  return kSuccess;
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return run_tray();
  if (arguments.size() == 1 && arguments[0] == "--quit") return quit_tray();
  if (arguments.size() == 3 && arguments[0] == "--restore") {
    return restore(arguments[1], arguments[2]);
  }
  spdlog::error("Wrong arguments: the tray takes none, --quit, or --restore DATASET ARCHIVE.");
  return kUsage;
}

int run_program() {
  try {
    start_log();
    return run(arguments());
  } catch (const std::exception& failure) {
    spdlog::error("The tray has to end: {}", failure.what());
    return kFailure;
  }
}

}  // namespace
}  // namespace holdfast

int WINAPI wWinMain(HINSTANCE, HINSTANCE, wchar_t*, int) {
  // Before anything is loaded: no DLL comes from the current folder or the path.
  ::SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_SYSTEM32);
  return holdfast::run_program();
}
