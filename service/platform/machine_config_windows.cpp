#include <windows.h>

#include <cstring>
#include <vector>

#include "common/unique_handle.h"
#include "common/utf16.h"
#include "common/windows_error.h"
#include "service/platform/data_folder.h"
#include "service/platform/machine_config.h"

namespace holdfast {
namespace {

constexpr const wchar_t* kKey = L"SOFTWARE\\Policies\\Holdfast";
// Of its own, because an editor of group policies takes all values of a list's key for the list's.
constexpr const wchar_t* kDatasetsKey = L"SOFTWARE\\Policies\\Holdfast\\datasets";
constexpr DWORD kLongestName = 16'384;

void require(LSTATUS status) {
  if (status == ERROR_SUCCESS) return;
  throw windows_error("Cannot read the policies in HKLM\\SOFTWARE\\Policies\\Holdfast",
                      static_cast<DWORD>(status), "Check the rights of that registry key.");
}

std::optional<PolicyValue> value_from(DWORD type, const std::vector<BYTE>& data) {
  if (type == REG_SZ || type == REG_EXPAND_SZ) {
    // The bytes of a value need not be whole characters, nor end in a zero.
    std::wstring text(data.size() / sizeof(wchar_t), L'\0');
    std::memcpy(text.data(), data.data(), text.size() * sizeof(wchar_t));
    return to_utf8(text.substr(0, text.find(L'\0')));
  }
  if (type == REG_DWORD && data.size() == sizeof(DWORD)) {
    DWORD number = 0;
    std::memcpy(&number, data.data(), sizeof number);
    return static_cast<std::int64_t>(number);
  }
  return std::nullopt;
}

// Adds the values of a key, by their names with the prefix before them; none when there is no such
// key.
void add_policies(const wchar_t* path, const std::string& prefix, Policies& policies) {
  RegistryKey key;
  const LSTATUS opened =
      ::RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_QUERY_VALUE | KEY_WOW64_64KEY, key.put());
  if (opened == ERROR_FILE_NOT_FOUND) return;
  require(opened);
  DWORD largest = 0;
  require(::RegQueryInfoKeyW(key.get(), nullptr, nullptr, nullptr, nullptr, nullptr, nullptr,
                             nullptr, nullptr, &largest, nullptr, nullptr));
  for (DWORD index = 0;; ++index) {
    std::wstring name(kLongestName, L'\0');
    std::vector<BYTE> data(largest);
    auto characters = kLongestName;
    DWORD type = 0;
    DWORD bytes = largest;
    const LSTATUS found = ::RegEnumValueW(key.get(), index, name.data(), &characters, nullptr,
                                          &type, data.data(), &bytes);
    if (found == ERROR_NO_MORE_ITEMS) return;
    require(found);
    data.resize(bytes);
    if (auto value = value_from(type, data)) {
      policies[prefix + to_utf8(name.substr(0, characters))] = *std::move(value);
    }
  }
}

}  // namespace

std::optional<std::filesystem::path> config_folder() {
  return data_folder();
}

Policies group_policies() {
  Policies policies;
  add_policies(kKey, {}, policies);
  add_policies(kDatasetsKey, "datasets.", policies);
  return policies;
}

}  // namespace holdfast
