#pragma once

#include <windows.h>

#include <cstddef>
#include <cstdint>

// What cfapi.h and newer headers of Windows declare of cloud files: not every compiler brings them,
// and not every Windows the functions.
namespace holdfast::cloud_api {

constexpr DWORD kAttributePinned = 0x00080000;
constexpr DWORD kAttributeUnpinned = 0x00100000;
constexpr DWORD kAttributeRecallOnOpen = 0x00040000;
constexpr DWORD kAttributeRecallOnDataAccess = 0x00400000;

constexpr DWORD kNotACloudFile = 376;
constexpr DWORD kNotUnderSyncRoot = 390;

// CF_PLACEHOLDER_INFO_CLASS and CF_PLACEHOLDER_STANDARD_INFO.
constexpr int kPlaceholderInfoStandard = 1;
constexpr std::size_t kMostIdentityBytes = 4096;
constexpr std::int32_t kPinned = 1;
constexpr std::int32_t kExcluded = 3;
constexpr std::int32_t kInSync = 1;
struct PlaceholderStandardInfo {
  std::int64_t on_disk_bytes;
  std::int64_t validated_bytes;
  std::int64_t modified_bytes;
  std::int64_t properties_bytes;
  std::int32_t pin_state;
  std::int32_t in_sync_state;
  std::int64_t file_id;
  std::int64_t sync_root_file_id;
  std::uint32_t identity_bytes;
  std::byte identity[1];  // and more behind it
};
static_assert(offsetof(PlaceholderStandardInfo, pin_state) == 32);
static_assert(offsetof(PlaceholderStandardInfo, in_sync_state) == 36);
static_assert(offsetof(PlaceholderStandardInfo, identity_bytes) == 56);
static_assert(offsetof(PlaceholderStandardInfo, identity) == 60);

// CF_SYNC_ROOT_INFO_CLASS and CF_SYNC_ROOT_PROVIDER_INFO.
constexpr int kSyncRootInfoProvider = 2;
struct SyncRootProviderInfo {
  std::uint32_t status;
  wchar_t name[256];
  wchar_t version[256];
};
static_assert(sizeof(SyncRootProviderInfo) == 4 + 2 * 512);

using CfGetPlaceholderInfo = HRESULT WINAPI(HANDLE file, int info_class, void* buffer, DWORD bytes,
                                            DWORD* returned);
using CfGetSyncRootInfoByPath = HRESULT WINAPI(LPCWSTR path, int info_class, void* buffer,
                                               DWORD bytes, DWORD* returned);

// RtlSetProcessPlaceholderCompatibilityMode of ntdll.
constexpr char kExposePlaceholders = 2;
using RtlSetProcessPlaceholderCompatibilityMode = char NTAPI(char mode);

}  // namespace holdfast::cloud_api
