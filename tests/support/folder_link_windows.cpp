#include <windows.h>
#include <winioctl.h>

#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

#include "common/unique_handle.h"
#include "tests/support/folder_link.h"

namespace holdfast {
namespace {

// REPARSE_DATA_BUFFER of a mount point, which only the headers for drivers have.
struct MountPoint {
  DWORD tag;
  WORD data_bytes;
  WORD reserved;
  WORD target_place;
  WORD target_bytes;
  WORD shown_place;
  WORD shown_bytes;
};
constexpr std::size_t kBeforeData = offsetof(MountPoint, target_place);

}  // namespace

bool make_folder_link(const std::filesystem::path& target, const std::filesystem::path& link) {
  const std::wstring name = L"\\??\\" + std::filesystem::path(target).make_preferred().wstring();
  const auto bytes = static_cast<WORD>(name.size() * sizeof(wchar_t));
  const auto zero = static_cast<WORD>(sizeof(wchar_t));
  std::vector<std::byte> buffer(sizeof(MountPoint) + bytes + 2 * sizeof(wchar_t));
  const MountPoint point{.tag = IO_REPARSE_TAG_MOUNT_POINT,
                         .data_bytes = static_cast<WORD>(buffer.size() - kBeforeData),
                         .reserved = 0,
                         .target_place = 0,
                         .target_bytes = bytes,
                         .shown_place = static_cast<WORD>(bytes + zero),
                         .shown_bytes = 0};
  std::memcpy(buffer.data(), &point, sizeof point);
  std::memcpy(buffer.data() + sizeof point, name.data(), bytes);
  std::filesystem::create_directory(link);
  FileHandle folder(::CreateFileW(link.c_str(), GENERIC_WRITE, 0, nullptr, OPEN_EXISTING,
                                  FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS,
                                  nullptr));
  DWORD returned = 0;
  const bool is_made = folder && ::DeviceIoControl(folder.get(), FSCTL_SET_REPARSE_POINT,
                                                   buffer.data(), static_cast<DWORD>(buffer.size()),
                                                   nullptr, 0, &returned, nullptr);
  folder.reset();
  if (!is_made) std::filesystem::remove(link);
  return is_made;
}

}  // namespace holdfast
