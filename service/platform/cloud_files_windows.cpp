#include <windows.h>

#include <array>
#include <cstring>
#include <string_view>

#include "common/unique_handle.h"
#include "common/utf16.h"
#include "service/platform/cloud_api.h"
#include "service/platform/cloud_files.h"
#include "service/platform/system_library.h"
#include "service/platform/system_path.h"

namespace holdfast {
namespace {

// The Win32 error in what a function of cldapi.dll returns; what holds none stays as it is.
std::uint32_t error_in(HRESULT result) {
  const auto code = static_cast<std::uint32_t>(result);
  return HRESULT_FACILITY(result) == FACILITY_WIN32 ? code & 0xFFFF : code;
}

CloudFileFacts failed(std::uint32_t error) {
  const bool is_missing = error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND;
  return {.answer = is_missing ? CloudFileFacts::Answer::Missing : CloudFileFacts::Answer::Failed,
          .error = error};
}

CloudFileFacts::Answer answer_to(std::uint32_t error) {
  switch (error) {
    case cloud_api::kNotACloudFile: return CloudFileFacts::Answer::Plain;
    case cloud_api::kNotUnderSyncRoot: return CloudFileFacts::Answer::NotUnderCloud;
    default: return CloudFileFacts::Answer::Failed;
  }
}

// What any file tells of itself.
CloudFileFacts facts_of(HANDLE file) {
  constexpr DWORD kElsewhere = FILE_ATTRIBUTE_OFFLINE | cloud_api::kAttributeRecallOnOpen |
                               cloud_api::kAttributeRecallOnDataAccess;
  // What is to be kept on the disk and what is not cannot both be meant: so OneDrive marks what it
  // leaves out.
  constexpr DWORD kLeftOut = cloud_api::kAttributePinned | cloud_api::kAttributeUnpinned;
  constexpr std::int64_t k1970 = 116'444'736'000'000'000;
  FILE_BASIC_INFO basic{};
  FILE_STANDARD_INFO standard{};
  if (!::GetFileInformationByHandleEx(file, FileBasicInfo, &basic, sizeof(basic)) ||
      !::GetFileInformationByHandleEx(file, FileStandardInfo, &standard, sizeof(standard))) {
    return {.answer = CloudFileFacts::Answer::Failed, .error = ::GetLastError()};
  }
  return {.answer = CloudFileFacts::Answer::NotSupported,
          .is_excluded = (basic.FileAttributes & kLeftOut) == kLeftOut,
          .is_pinned = (basic.FileAttributes & kLeftOut) == cloud_api::kAttributePinned,
          .is_local = (basic.FileAttributes & kElsewhere) == 0,
          .bytes = static_cast<std::uint64_t>(standard.EndOfFile.QuadPart),
          .changed_at = basic.LastWriteTime.QuadPart - k1970};
}

void add(const cloud_api::PlaceholderStandardInfo& info, CloudFileFacts& facts) {
  facts.answer = CloudFileFacts::Answer::Placeholder;
  facts.in_sync = info.in_sync_state == cloud_api::kInSync;
  facts.is_pinned = facts.is_pinned || info.pin_state == cloud_api::kPinned;
  facts.is_excluded = facts.is_excluded || info.pin_state == cloud_api::kExcluded;
  facts.is_local = facts.is_local && info.on_disk_bytes >= 0 &&
                   static_cast<std::uint64_t>(info.on_disk_bytes) >= facts.bytes;
}

}  // namespace

struct SystemCloudFiles::Library {
  Library() {
    library.find(placeholder_info, "CfGetPlaceholderInfo");
    library.find(sync_root_info, "CfGetSyncRootInfoByPath");
  }

  SystemLibrary library{L"cldapi.dll"};
  cloud_api::CfGetPlaceholderInfo* placeholder_info = nullptr;
  cloud_api::CfGetSyncRootInfoByPath* sync_root_info = nullptr;
};

SystemCloudFiles::SystemCloudFiles() : library_(std::make_unique<Library>()) {}
SystemCloudFiles::~SystemCloudFiles() = default;

CloudFileFacts SystemCloudFiles::look(const std::filesystem::path& file) {
  // With no access but to the attributes, of the file and not of what it stands for, nothing is
  // fetched.
  const FileHandle handle(
      ::CreateFileW(system_path(file).c_str(), FILE_READ_ATTRIBUTES,
                    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
                    FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
  if (!handle) return failed(::GetLastError());
  CloudFileFacts facts = facts_of(handle.get());
  if (facts.answer == CloudFileFacts::Answer::Failed || library_->placeholder_info == nullptr) {
    return facts;
  }
  cloud_api::PlaceholderStandardInfo info{};
  constexpr std::size_t kNeeded = offsetof(cloud_api::PlaceholderStandardInfo, identity_bytes);
  std::array<std::byte, 128 + cloud_api::kMostIdentityBytes> buffer{};
  DWORD returned = 0;
  const HRESULT result =
      library_->placeholder_info(handle.get(), cloud_api::kPlaceholderInfoStandard, buffer.data(),
                                 static_cast<DWORD>(buffer.size()), &returned);
  // An identity that is too long is cut off, and nobody asks for it here.
  const bool is_filled = SUCCEEDED(result) || error_in(result) == ERROR_MORE_DATA;
  if (!is_filled || returned < kNeeded) {
    facts.error = is_filled ? ERROR_MORE_DATA : error_in(result);
    facts.answer = answer_to(facts.error);
    return facts;
  }
  std::memcpy(&info, buffer.data(), kNeeded);
  add(info, facts);
  return facts;
}

CloudProviderFacts SystemCloudFiles::provider(const std::filesystem::path& folder) {
  using Answer = CloudProviderFacts::Answer;
  if (library_->sync_root_info == nullptr) return {.answer = Answer::NotSupported};
  cloud_api::SyncRootProviderInfo info{};
  DWORD returned = 0;
  const HRESULT result =
      library_->sync_root_info(system_path(folder).c_str(), cloud_api::kSyncRootInfoProvider, &info,
                               sizeof(info), &returned);
  if (FAILED(result)) {
    const std::uint32_t error = error_in(result);
    return {
        .answer = error == cloud_api::kNotUnderSyncRoot ? Answer::NotUnderCloud : Answer::Failed,
        .error = error};
  }
  const std::wstring_view name(info.name, std::size(info.name));
  return {.answer = Answer::Registered,
          .status = provider_status(info.status),
          .name = to_utf8(name.substr(0, name.find(L'\0')))};
}

void expose_placeholders() {
  const SystemLibrary library(L"ntdll.dll");
  cloud_api::RtlSetProcessPlaceholderCompatibilityMode* set_mode = nullptr;
  library.find(set_mode, "RtlSetProcessPlaceholderCompatibilityMode");
  if (set_mode != nullptr) set_mode(cloud_api::kExposePlaceholders);
}

}  // namespace holdfast
