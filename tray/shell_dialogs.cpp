#include "tray/shell_dialogs.h"

#include <windows.h>
#include <shellapi.h>
#include <shobjidl.h>

#include <array>
#include <chrono>
#include <future>
#include <thread>
#include <utility>

#include "common/utf16.h"
#include "common/windows_error.h"
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

constexpr std::chrono::milliseconds kPatience{300};

// Whether it is there, and says so soon: a network that is away would keep the window waiting. Who
// looks is a thread that ends whenever it is told.
bool is_there_now(const std::wstring& folder) {
  std::promise<bool> told;
  std::future<bool> is_there = told.get_future();
  std::thread([folder, told = std::move(told)]() mutable {
    told.set_value(::GetFileAttributesW(folder.c_str()) != INVALID_FILE_ATTRIBUTES);
  }).detach();
  return is_there.wait_for(kPatience) == std::future_status::ready && is_there.get();
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
    const std::wstring path = to_utf16(begin);
    if (path.empty() || !is_there_now(path)) return;
    ComObject<IShellItem> folder;
    ::SHCreateItemFromParsingName(path.c_str(), nullptr, IID_IShellItem,
                                  reinterpret_cast<void**>(folder.out()));
    if (folder) dialog.SetFolder(folder.get());
  });
}

void open_folder(const std::string& folder, OnFolderFailure on_failure) {
  // A thread that ends with what it does: the shell may wait for a network until it gives up.
  std::thread([folder, on_failure = std::move(on_failure)] {
    const ComApartment apartment;
    SHELLEXECUTEINFOW info{};
    const std::wstring path = to_utf16(folder);
    info.cbSize = sizeof info;
    info.fMask = SEE_MASK_FLAG_NO_UI | SEE_MASK_NOASYNC;
    info.lpVerb = L"explore";
    info.lpFile = path.c_str();
    info.nShow = SW_SHOWNORMAL;
    if (::ShellExecuteExW(&info)) return;
    on_failure(windows_error("Cannot open " + folder, ::GetLastError(),
                             "Connect the drive, or sign in to OneDrive.")
                   .line());
  }).detach();
}

}  // namespace holdfast
