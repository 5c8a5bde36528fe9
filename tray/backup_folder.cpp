#include "tray/backup_folder.h"

#include <windows.h>
#include <shellapi.h>

#include <cstddef>

#include <nlohmann/json.hpp>

#include "common/protocol/messages.h"
#include "common/utf16.h"
#include "common/windows_error.h"
#include "tray/question.h"

namespace holdfast {
namespace {

using nlohmann::json;

constexpr const char* kHeadline = "The backup folder cannot be opened.";

void open(HWND owner, const json& dataset) {
  const auto folder = dataset.value("destination", std::string());
  if (folder.empty()) {
    const std::string why = dataset.value("problem", dataset.value("waits", std::string()));
    tell_failure(owner, kHeadline,
                 Error(ErrorCode::NotFound,
                       why.empty() ? "It is not known yet where the backups go." : why, ""));
    return;
  }
  SHELLEXECUTEINFOW info{};
  const std::wstring path = to_utf16(folder);
  info.cbSize = sizeof info;
  info.fMask = SEE_MASK_FLAG_NO_UI;
  info.hwnd = owner;
  info.lpVerb = L"open";
  info.lpFile = path.c_str();
  info.nShow = SW_SHOWNORMAL;
  if (::ShellExecuteExW(&info)) return;
  tell_failure(owner, kHeadline,
               windows_error("Cannot open " + folder, ::GetLastError(),
                             "Connect the drive, or sign in to OneDrive."));
}

void look_for(ServiceCalls& calls, const void* asker, HWND owner, const std::string& dataset,
              std::size_t offset) {
  calls.ask(asker, method::kDatasetsList, {{"offset", offset}},
            [&calls, asker, owner, dataset](const CallOutcome& outcome) {
              if (outcome.failure) {
                tell_failure(owner, kHeadline, *outcome.failure);
                return;
              }
              for (const json& known : outcome.result.at("datasets")) {
                if (known.at("dataset") == dataset) {
                  open(owner, known);
                  return;
                }
              }
              if (outcome.result.at("more").get<bool>()) {
                look_for(calls, asker, owner, dataset,
                         outcome.result.at("next").get<std::size_t>());
              }
            });
}

}  // namespace

void open_backup_folder(ServiceCalls& calls, const void* asker, HWND owner,
                        const std::string& dataset) {
  look_for(calls, asker, owner, dataset, 0);
}

}  // namespace holdfast
