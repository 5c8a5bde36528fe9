#include <windows.h>

#include <catch2/catch_test_macros.hpp>

#include "common/unique_handle.h"
#include "service/platform/data_folder.h"
#include "service/platform/machine_config.h"
#include "tests/support/wine.h"

namespace holdfast {
namespace {

constexpr const wchar_t* kKey = L"SOFTWARE\\Policies\\Holdfast";
constexpr const wchar_t* kDatasetsKey = L"SOFTWARE\\Policies\\Holdfast\\datasets";

RegistryKey made_key(const wchar_t* path) {
  RegistryKey key;
  REQUIRE(::RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, nullptr, 0,
                            KEY_SET_VALUE | KEY_WOW64_64KEY, nullptr, key.put(),
                            nullptr) == ERROR_SUCCESS);
  return key;
}

TEST_CASE("The configuration lies in the data folder") {
  CHECK(config_folder() == data_folder());
}

TEST_CASE("Group policies are read as texts and numbers, by their names") {
  if (!runs_under_wine()) SKIP("policies are not written into a real machine");
  {
    const RegistryKey key = made_key(kKey);
    const DWORD number = 30;
    const wchar_t text[] = L"Sicherung \u00FC";
    const BYTE others[] = {1, 2, 3};
    ::RegSetValueExW(key.get(), L"keep.last", 0, REG_DWORD, reinterpret_cast<const BYTE*>(&number),
                     sizeof number);
    ::RegSetValueExW(key.get(), L"destination.onedrive", 0, REG_SZ,
                     reinterpret_cast<const BYTE*>(text), sizeof text);
    ::RegSetValueExW(key.get(), L"binary", 0, REG_BINARY, others, sizeof others);
  }
  const Policies policies = group_policies();
  ::RegDeleteKeyExW(HKEY_LOCAL_MACHINE, kKey, KEY_WOW64_64KEY, 0);
  CHECK(policies ==
        Policies{{"keep.last", std::int64_t{30}}, {"destination.onedrive", "Sicherung \xC3\xBC"}});
  CHECK(group_policies().empty());
}

TEST_CASE("Group policies of single datasets are read from a key of their own") {
  if (!runs_under_wine()) SKIP("policies are not written into a real machine");
  {
    const RegistryKey key = made_key(kDatasetsKey);
    const wchar_t text[] = L"40";
    ::RegSetValueExW(key.get(), L"emr.keep.last", 0, REG_SZ, reinterpret_cast<const BYTE*>(text),
                     sizeof text);
  }
  const Policies policies = group_policies();
  ::RegDeleteKeyExW(HKEY_LOCAL_MACHINE, kDatasetsKey, KEY_WOW64_64KEY, 0);
  ::RegDeleteKeyExW(HKEY_LOCAL_MACHINE, kKey, KEY_WOW64_64KEY, 0);
  CHECK(policies == Policies{{"datasets.emr.keep.last", "40"}});
  CHECK(group_policies().empty());
}

}  // namespace
}  // namespace holdfast
