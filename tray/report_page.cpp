#include "tray/report_page.h"

#include <windows.h>
#include <objbase.h>
#include <shellapi.h>

#include <exception>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>

#include "common/error.h"
#include "common/path_text.h"
#include "common/utf16.h"
#include "common/windows_error.h"
#include "tray/holdfast_program.h"
#include "tray/program_answer.h"
#include "tray/user_folders.h"

namespace holdfast {
namespace {

std::filesystem::path report_file() {
  const auto folder = text_path(user_folders().at("{localappdata}")) / "Holdfast";
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  return folder / "holdfast-report.html";
}

void write_and_show() {
  const std::filesystem::path file = report_file();
  program_answer(holdfast_output("report --to " + quoted_path(path_text(file)) + " --json", {}));
  SHELLEXECUTEINFOW info{};
  info.cbSize = sizeof info;
  info.fMask = SEE_MASK_FLAG_NO_UI | SEE_MASK_NOASYNC;
  info.lpVerb = L"open";
  info.lpFile = file.c_str();
  info.nShow = SW_SHOWNORMAL;
  if (::ShellExecuteExW(&info)) return;
  throw windows_error("Cannot show " + path_text(file), ::GetLastError(), "Choose a browser.");
}

}  // namespace

void show_report(std::function<void(const std::string& why)> on_failure) {
  // A thread that ends with what it does.
  std::thread([on_failure = std::move(on_failure)] {
    ::CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED | COINIT_DISABLE_OLE1DDE);
    try {
      write_and_show();
    } catch (const Error& failure) {
      on_failure(failure.line());
    } catch (const std::exception& failure) {
      on_failure(failure.what());
    }
    ::CoUninitialize();
  }).detach();
}

}  // namespace holdfast
