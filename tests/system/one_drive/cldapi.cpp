// Plays the cldapi.dll of a Windows with OneDrive, for tests. What it answers stands in a folder:
//   roots.txt          a line for each synchronised folder: its status (0x1), a space, its path
//   files\NAME.txt     a line KEY=VALUE for each thing to say of the file NAME in one of them:
//                      in_sync=1, pin=0..3, local=0, error=362. Without it the file is a plain one.

#include <windows.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <cwctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>

#include "common/utf16.h"
#include "service/platform/cloud_api.h"

namespace holdfast {
namespace {

const std::filesystem::path kAnswers = L"C:\\one-drive-stand-in";

std::wstring comparable(std::wstring path) {
  if (path.starts_with(L"\\\\?\\")) path.erase(0, 4);
  while (path.ends_with(L'\\')) path.pop_back();
  std::ranges::transform(path, path.begin(),
                         [](wchar_t c) { return static_cast<wchar_t>(std::towlower(c)); });
  return path;
}

std::string line_of(std::istream& file) {
  std::string line;
  std::getline(file, line);
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

// The status of the synchronised folder that holds the path; nothing when none does.
std::optional<std::uint32_t> root_status(const std::wstring& path) {
  const std::wstring wanted = comparable(path) + L'\\';
  std::ifstream roots(kAnswers / L"roots.txt");
  while (roots) {
    const std::string line = line_of(roots);
    const std::size_t space = line.find(' ');
    if (space == std::string::npos) continue;
    if (wanted.starts_with(comparable(to_utf16(line.substr(space + 1))) + L'\\')) {
      return static_cast<std::uint32_t>(std::stoul(line.substr(0, space), nullptr, 0));
    }
  }
  return std::nullopt;
}

using Entry = std::map<std::string, std::uint32_t, std::less<>>;

std::optional<Entry> entry_of(const std::filesystem::path& file) {
  std::ifstream stored(kAnswers / L"files" / (file.filename().native() + L".txt"));
  if (!stored) return std::nullopt;
  Entry entry;
  while (stored) {
    const std::string line = line_of(stored);
    const std::size_t equals = line.find('=');
    if (equals == std::string::npos) continue;
    entry[line.substr(0, equals)] =
        static_cast<std::uint32_t>(std::stoul(line.substr(equals + 1), nullptr, 0));
  }
  return entry;
}

std::uint32_t value_in(const Entry& entry, std::string_view key, std::uint32_t otherwise) {
  const auto found = entry.find(key);
  return found == entry.end() ? otherwise : found->second;
}

std::wstring path_of(HANDLE file) {
  std::array<wchar_t, 4096> path{};
  const DWORD length = ::GetFinalPathNameByHandleW(
      file, path.data(), static_cast<DWORD>(path.size()), VOLUME_NAME_DOS);
  return {path.data(), std::min<std::size_t>(length, path.size())};
}

HRESULT failure(DWORD error) {
  return HRESULT_FROM_WIN32(error);
}

HRESULT answer(const void* info, std::size_t bytes, void* buffer, DWORD room, DWORD* returned) {
  const std::size_t given = std::min<std::size_t>(bytes, room);
  std::memcpy(buffer, info, given);
  if (returned != nullptr) *returned = static_cast<DWORD>(given);
  return given < bytes ? failure(ERROR_MORE_DATA) : S_OK;
}

HRESULT placeholder_info(HANDLE file, void* buffer, DWORD room, DWORD* returned) {
  const std::wstring path = path_of(file);
  if (!root_status(path)) return failure(cloud_api::kNotUnderSyncRoot);
  const std::optional<Entry> entry = entry_of(path);
  if (!entry) return failure(cloud_api::kNotACloudFile);
  if (const std::uint32_t error = value_in(*entry, "error", 0); error != 0) return failure(error);
  LARGE_INTEGER size{};
  if (!::GetFileSizeEx(file, &size)) return failure(::GetLastError());
  const bool is_local = value_in(*entry, "local", 1) != 0;
  const cloud_api::PlaceholderStandardInfo info{
      .on_disk_bytes = is_local ? size.QuadPart : 0,
      .pin_state = static_cast<std::int32_t>(value_in(*entry, "pin", 0)),
      .in_sync_state = static_cast<std::int32_t>(value_in(*entry, "in_sync", 0)),
      .identity_bytes = 1};
  return answer(&info, sizeof(info), buffer, room, returned);
}

HRESULT provider_info(LPCWSTR path, void* buffer, DWORD room, DWORD* returned) {
  if (::GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES) return failure(::GetLastError());
  const std::optional<std::uint32_t> status = root_status(path);
  if (!status) return failure(cloud_api::kNotUnderSyncRoot);
  const cloud_api::SyncRootProviderInfo info{
      .status = *status, .name = L"OneDrive", .version = L"1"};
  return answer(&info, sizeof(info), buffer, room, returned);
}

}  // namespace
}  // namespace holdfast

extern "C" {

__declspec(dllexport) HRESULT WINAPI
    CfGetPlaceholderInfo(HANDLE file, int info_class, void* buffer, DWORD bytes, DWORD* returned) {
  if (info_class != holdfast::cloud_api::kPlaceholderInfoStandard) return E_INVALIDARG;
  try {
    return holdfast::placeholder_info(file, buffer, bytes, returned);
  } catch (...) {
    return E_FAIL;
  }
}

__declspec(dllexport) HRESULT WINAPI
    CfGetSyncRootInfoByPath(LPCWSTR path, int info_class, void* buffer, DWORD bytes,
                            DWORD* returned) {
  if (info_class != holdfast::cloud_api::kSyncRootInfoProvider) return E_INVALIDARG;
  try {
    return holdfast::provider_info(path, buffer, bytes, returned);
  } catch (...) {
    return E_FAIL;
  }
}
}
