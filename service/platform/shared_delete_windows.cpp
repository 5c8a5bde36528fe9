#include <windows.h>
#include <sqlite3.h>

#include "service/platform/shared_delete.h"

namespace holdfast {
namespace {

HANDLE WINAPI create_file(LPCWSTR name, DWORD access, DWORD sharing, LPSECURITY_ATTRIBUTES security,
                          DWORD disposition, DWORD flags, HANDLE like) {
  // Who shares nothing wants the file to itself.
  if (sharing != 0) sharing |= FILE_SHARE_DELETE;
  return ::CreateFileW(name, access, sharing, security, disposition, flags, like);
}

}  // namespace

void share_deletes() {
  sqlite3_vfs* system = ::sqlite3_vfs_find("win32");
  system->xSetSystemCall(system, "CreateFileW",
                         reinterpret_cast<sqlite3_syscall_ptr>(&create_file));
}

}  // namespace holdfast
