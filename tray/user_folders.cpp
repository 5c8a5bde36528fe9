#include "tray/user_folders.h"

#include <windows.h>
#include <shlobj.h>

#include "common/utf16.h"

namespace holdfast {
namespace {

// Where the folder is, without a look whether it is there: it may lie in a network that is away.
std::string known_folder(const KNOWNFOLDERID& id) {
  wchar_t* folder = nullptr;
  const HRESULT found = ::SHGetKnownFolderPath(id, KF_FLAG_DONT_VERIFY, nullptr, &folder);
  std::string path = SUCCEEDED(found) ? to_utf8(folder) : "";
  ::CoTaskMemFree(folder);
  return path;
}

}  // namespace

UserFolders user_folders() {
  return {{"{localappdata}", known_folder(FOLDERID_LocalAppData)},
          {"{profile}", known_folder(FOLDERID_Profile)},
          {"{documents}", known_folder(FOLDERID_Documents)}};
}

}  // namespace holdfast
