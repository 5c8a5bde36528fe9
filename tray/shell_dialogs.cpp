#include "tray/shell_dialogs.h"

#include <windows.h>
#include <shellapi.h>
#include <shobjidl.h>

#include <array>
#include <thread>

#include "common/utf16.h"
#include "tray/modal_scope.h"

namespace holdfast {
namespace {

// Ends with the dialog that asked.
class ComApartment {
 public:
  ComApartment()
      : entered_(::CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED | COINIT_DISABLE_OLE1DDE)) {}
  ComApartment(const ComApartment&) = delete;
  ComApartment& operator=(const ComApartment&) = delete;
  ~ComApartment() {
    if (SUCCEEDED(entered_)) ::CoUninitialize();
  }

 private:
  HRESULT entered_;
};

template <typename Object>
class ComObject {
 public:
  ComObject() = default;
  ComObject(const ComObject&) = delete;
  ComObject& operator=(const ComObject&) = delete;
  ~ComObject() {
    if (object_ != nullptr) object_->Release();
  }

  Object* operator->() const { return object_; }
  Object* get() const { return object_; }
  Object** out() { return &object_; }
  explicit operator bool() const { return object_ != nullptr; }

 private:
  Object* object_ = nullptr;
};

std::string path_of(IShellItem& item) {
  wchar_t* path = nullptr;
  if (FAILED(item.GetDisplayName(SIGDN_FILESYSPATH, &path))) return {};
  std::string text = to_utf8(path);
  ::CoTaskMemFree(path);
  return text;
}

template <typename Prepare>
std::string chosen_item(HWND owner, DWORD more_options, Prepare prepare) {
  const ModalScope scope(owner);
  const ComApartment apartment;
  ComObject<IFileOpenDialog> dialog;
  ::CoCreateInstance(CLSID_FileOpenDialog, nullptr, CLSCTX_INPROC_SERVER, IID_IFileOpenDialog,
                     reinterpret_cast<void**>(dialog.out()));
  if (!dialog) return {};
  DWORD options = 0;
  dialog->GetOptions(&options);
  dialog->SetOptions(options | FOS_FORCEFILESYSTEM | more_options);
  prepare(*dialog.get());
  ComObject<IShellItem> item;
  if (FAILED(dialog->Show(scope.owner())) || FAILED(dialog->GetResult(item.out()))) return {};
  return path_of(*item.get());
}

}  // namespace

std::string chosen_database(HWND owner) {
  return chosen_item(owner, FOS_FILEMUSTEXIST, [](IFileOpenDialog& dialog) {
    static constexpr std::array<COMDLG_FILTERSPEC, 2> kKinds{
        {{L"Databases (*.db, *.sqlite, *.sqlite3, *.db3)", L"*.db;*.sqlite;*.sqlite3;*.db3"},
         {L"All files", L"*.*"}}};
    dialog.SetTitle(L"Which database?");
    dialog.SetFileTypes(static_cast<UINT>(kKinds.size()), kKinds.data());
  });
}

std::string chosen_folder(HWND owner, std::string_view title, std::string_view begin) {
  return chosen_item(owner, FOS_PICKFOLDERS | FOS_PATHMUSTEXIST, [=](IFileOpenDialog& dialog) {
    dialog.SetTitle(to_utf16(title).c_str());
    if (begin.empty()) return;
    ComObject<IShellItem> folder;
    ::SHCreateItemFromParsingName(to_utf16(begin).c_str(), nullptr, IID_IShellItem,
                                  reinterpret_cast<void**>(folder.out()));
    if (folder) dialog.SetFolder(folder.get());
  });
}

void open_folder(std::string_view folder) {
  // A thread that ends with what it does: the shell may wait for a network until it gives up.
  std::thread([path = to_utf16(folder)] {
    const ComApartment apartment;
    ::ShellExecuteW(nullptr, L"explore", path.c_str(), nullptr, nullptr, SW_SHOWNORMAL);
  }).detach();
}

}  // namespace holdfast
