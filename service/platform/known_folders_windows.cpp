#include <windows.h>
#include <shlobj.h>

#include <array>
#include <memory>
#include <utility>

#include "common/path_text.h"
#include "common/utf16.h"
#include "service/platform/known_folders.h"

namespace holdfast {
namespace {

struct FreeTaskMemory {
  void operator()(wchar_t* text) const { ::CoTaskMemFree(text); }
};

void add(KnownFolders& folders, const char* name, const KNOWNFOLDERID& id, HANDLE token = nullptr) {
  wchar_t* raw = nullptr;
  const HRESULT told = ::SHGetKnownFolderPath(id, KF_FLAG_DONT_VERIFY, token, &raw);
  const std::unique_ptr<wchar_t, FreeTaskMemory> path(raw);
  if (SUCCEEDED(told)) folders[name] = to_utf8(path.get());
}

}  // namespace

KnownFolders machine_folders() {
  KnownFolders folders;
  add(folders, "programdata", FOLDERID_ProgramData);
  return folders;
}

std::filesystem::path profiles_folder() {
  KnownFolders folders;
  add(folders, "profiles", FOLDERID_UserProfiles);
  return text_path(folders["profiles"]);
}

KnownFolders own_folders() {
  return user_folders(nullptr);
}

KnownFolders user_folders(HANDLE token) {
  KnownFolders folders = machine_folders();
  add(folders, "localappdata", FOLDERID_LocalAppData, token);
  add(folders, "appdata", FOLDERID_RoamingAppData, token);
  add(folders, "documents", FOLDERID_Documents, token);
  add(folders, "profile", FOLDERID_Profile, token);
  return folders;
}

}  // namespace holdfast
