#include <windows.h>
#include <shlobj.h>

#include <array>
#include <memory>
#include <utility>

#include "common/utf16.h"
#include "service/platform/known_folders.h"

namespace holdfast {
namespace {

struct FreeTaskMemory {
  void operator()(wchar_t* text) const { ::CoTaskMemFree(text); }
};

void add(KnownFolders& folders, const char* token, const KNOWNFOLDERID& id) {
  wchar_t* raw = nullptr;
  const HRESULT told = ::SHGetKnownFolderPath(id, KF_FLAG_DONT_VERIFY, nullptr, &raw);
  const std::unique_ptr<wchar_t, FreeTaskMemory> path(raw);
  if (SUCCEEDED(told)) folders[token] = to_utf8(path.get());
}

}  // namespace

KnownFolders machine_folders() {
  KnownFolders folders;
  add(folders, "programdata", FOLDERID_ProgramData);
  return folders;
}

KnownFolders own_folders() {
  KnownFolders folders = machine_folders();
  add(folders, "localappdata", FOLDERID_LocalAppData);
  add(folders, "appdata", FOLDERID_RoamingAppData);
  add(folders, "documents", FOLDERID_Documents);
  add(folders, "profile", FOLDERID_Profile);
  return folders;
}

}  // namespace holdfast
