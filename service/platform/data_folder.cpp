#include "service/platform/data_folder.h"

#include <windows.h>
#include <aclapi.h>
#include <shlobj.h>

#include <string>

#include "common/clock.h"
#include "common/path_text.h"
#include "common/unique_handle.h"
#include "common/windows_error.h"
#include "common/windows_identity.h"
#include "service/platform/security_descriptor.h"

namespace holdfast {
namespace {

constexpr const char* kOnlyMachine = "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)";
constexpr const char* kAdvice = "Check the folder and its rights, then start Holdfast again.";

// The thing itself, also when it is a link.
FileHandle open_itself(const std::filesystem::path& folder, DWORD access) {
  return FileHandle(::CreateFileW(
      folder.c_str(), access, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_EXISTING,
      FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS, nullptr));
}

// SYSTEM, administrators, and the account that this runs as, which is one of them.
bool is_trustworthy(HANDLE opened) {
  BY_HANDLE_FILE_INFORMATION facts{};
  if (!::GetFileInformationByHandle(opened, &facts)) return false;
  const DWORD kind = FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT;
  if ((facts.dwFileAttributes & kind) != FILE_ATTRIBUTE_DIRECTORY) return false;
  const std::string owner = owner_sid(opened, SecuredObject::File);
  return owner == kSystemSid || owner == kAdministratorsSid || owner == process_user_sid();
}

// A folder whose maker lets not even SYSTEM look at it is not to be trusted either.
bool is_trustworthy(const std::filesystem::path& folder) {
  const FileHandle opened = open_itself(folder, READ_CONTROL | FILE_READ_ATTRIBUTES);
  return opened && is_trustworthy(opened.get());
}

void make(const std::filesystem::path& folder) {
  const SecurityDescriptor descriptor(kOnlyMachine);
  SECURITY_ATTRIBUTES attributes = descriptor.attributes();
  if (!::CreateDirectoryW(folder.c_str(), &attributes) &&
      ::GetLastError() != ERROR_ALREADY_EXISTS) {
    throw windows_error("Cannot make the folder " + path_text(folder), ::GetLastError(), kAdvice);
  }
}

std::string move_aside(const std::filesystem::path& folder) {
  std::string stamp = utc_text(SystemClock().now());
  std::erase(stamp, ':');
  std::filesystem::path aside = folder;
  aside += text_path(".untrusted-" + stamp);
  if (!::MoveFileExW(folder.c_str(), aside.c_str(), 0)) {
    throw windows_error(
        path_text(folder) +
            " was made by somebody who is no administrator and cannot be moved aside",
        ::GetLastError(),
        "Delete it as an administrator, after a restart if need be, then start Holdfast again.");
  }
  return path_text(folder) + " was made by somebody who is no administrator; it is now " +
         path_text(aside.filename());
}

}  // namespace

std::filesystem::path data_folder() {
  wchar_t* root = nullptr;
  const HRESULT result = ::SHGetKnownFolderPath(FOLDERID_ProgramData, 0, nullptr, &root);
  const std::filesystem::path folder = SUCCEEDED(result) ? root : L"";
  ::CoTaskMemFree(root);
  if (FAILED(result)) {
    throw windows_error("Cannot find the ProgramData folder", static_cast<DWORD>(result), kAdvice);
  }
  return folder / L"Holdfast";
}

std::optional<std::string> secure_folder(const std::filesystem::path& folder) {
  make(folder);
  std::optional<std::string> moved;
  if (!is_trustworthy(folder)) {
    moved = move_aside(folder);
    make(folder);
  }
  // Checked again on the handle that is changed: between two names somebody could swap it.
  const FileHandle opened = open_itself(folder, READ_CONTROL | WRITE_DAC | FILE_READ_ATTRIBUTES);
  if (!opened) throw windows_error("Cannot open " + path_text(folder), ::GetLastError(), kAdvice);
  if (!is_trustworthy(opened.get())) {
    throw Error(ErrorCode::AccessDenied, path_text(folder) + " is being tampered with.", kAdvice);
  }
  const SecurityDescriptor wanted(kOnlyMachine);
  const DWORD failure = ::SetSecurityInfo(
      opened.get(), SE_FILE_OBJECT, DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION,
      nullptr, nullptr, wanted.dacl(), nullptr);
  if (failure != ERROR_SUCCESS) {
    throw windows_error("Cannot protect the folder " + path_text(folder), failure, kAdvice);
  }
  return moved;
}

}  // namespace holdfast
