#include "tray/setup_skipped.h"

#include <windows.h>

#include <spdlog/spdlog.h>

namespace holdfast {
namespace {

constexpr const wchar_t* kKey = L"Software\\Holdfast";
constexpr const wchar_t* kSkipped = L"SetupSkipped";

}  // namespace

SetupSkipped setup_skipped() {
  DWORD value = 0;
  DWORD size = sizeof value;
  const LSTATUS read =
      ::RegGetValueW(HKEY_CURRENT_USER, kKey, kSkipped, RRF_RT_REG_DWORD, nullptr, &value, &size);
  return read == ERROR_SUCCESS && value != 0 ? SetupSkipped::Yes : SetupSkipped::No;
}

void keep_setup_skipped() {
  const DWORD value = 1;
  const LSTATUS written =
      ::RegSetKeyValueW(HKEY_CURRENT_USER, kKey, kSkipped, REG_DWORD, &value, sizeof value);
  if (written != ERROR_SUCCESS)
    spdlog::warn("Cannot keep that the set-up was skipped: {}", written);
}

}  // namespace holdfast
