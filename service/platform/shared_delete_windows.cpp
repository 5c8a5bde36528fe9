#include <windows.h>
#include <sqlite3.h>

#include <exception>

#include "common/unique_handle.h"
#include "service/platform/opened_path.h"
#include "service/platform/shared_delete.h"

namespace holdfast {
namespace {

// Whatever surprises here must not pass through SQLite, which is C.
bool is_good(HANDLE opened, LPCWSTR name) noexcept {
  try {
    return is_what_it_names(opened, name, FurtherNames::Refused);
  } catch (const std::exception&) {
    return false;
  }
}

HANDLE WINAPI create_file(LPCWSTR name, DWORD access, DWORD sharing, LPSECURITY_ATTRIBUTES security,
                          DWORD disposition, DWORD flags, HANDLE like) {
  // Who shares nothing wants the file to itself.
  if (sharing != 0) sharing |= FILE_SHARE_DELETE;
  FileHandle opened(::CreateFileW(name, access, sharing, security, disposition, flags, like));
  if (!opened || is_good(opened.get(), name)) return opened.release();
  opened.reset();
  ::SetLastError(ERROR_ACCESS_DENIED);
  return INVALID_HANDLE_VALUE;
}

}  // namespace

void share_deletes() {
  sqlite3_vfs* system = ::sqlite3_vfs_find("win32");
  system->xSetSystemCall(system, "CreateFileW",
                         reinterpret_cast<sqlite3_syscall_ptr>(&create_file));
}

}  // namespace holdfast
