#include "tray/one_drive_eyes.h"

#include <windows.h>
#include <shobjidl.h>

#include <atomic>
#include <memory>

#include "common/unique_handle.h"
#include "common/utf16.h"

namespace holdfast {
namespace {

// What the SDK of this compiler does not have, of Windows.Storage.Provider. Every one of these
// derives from IInspectable, and a property is a pair of get and put.
constexpr CLSID kOneDriveStatus{
    0x0827D883, 0x485C, 0x4D62, {0xBA, 0x2C, 0xA3, 0x32, 0xDB, 0xF3, 0xD4, 0xB0}};
constexpr IID kStatusSourceFactory{
    0x12E46B74, 0x4E5A, 0x58D1, {0xA6, 0x2F, 0x03, 0x76, 0xE8, 0xEE, 0x7D, 0xD8}};
constexpr PROPERTYKEY kProviderState{
    {0xE77E90DF, 0x6271, 0x4F5B, {0x83, 0x4F, 0x2D, 0xD1, 0xF2, 0x45, 0xDD, 0xA4}}, 3};

using StringHandle = void*;  // HSTRING

struct Inspectable : public IUnknown {
  virtual HRESULT STDMETHODCALLTYPE ids(ULONG* count, IID** ids) = 0;
  virtual HRESULT STDMETHODCALLTYPE class_name(StringHandle* name) = 0;
  virtual HRESULT STDMETHODCALLTYPE trust_level(int* level) = 0;
};

struct QuotaUi : public Inspectable {
  virtual HRESULT STDMETHODCALLTYPE get_total_bytes(UINT64* bytes) = 0;
  virtual HRESULT STDMETHODCALLTYPE put_total_bytes(UINT64 bytes) = 0;
  virtual HRESULT STDMETHODCALLTYPE get_used_bytes(UINT64* bytes) = 0;
};

struct StatusUi : public Inspectable {
  virtual HRESULT STDMETHODCALLTYPE get_state(UINT32* state) = 0;
  virtual HRESULT STDMETHODCALLTYPE put_state(UINT32 state) = 0;
  virtual HRESULT STDMETHODCALLTYPE get_label(StringHandle* label) = 0;
  virtual HRESULT STDMETHODCALLTYPE put_label(StringHandle label) = 0;
  virtual HRESULT STDMETHODCALLTYPE get_icon(void** uri) = 0;
  virtual HRESULT STDMETHODCALLTYPE put_icon(void* uri) = 0;
  virtual HRESULT STDMETHODCALLTYPE get_command(void** command) = 0;
  virtual HRESULT STDMETHODCALLTYPE put_command(void* command) = 0;
  virtual HRESULT STDMETHODCALLTYPE get_quota(QuotaUi** quota) = 0;
};

struct StatusSource : public Inspectable {
  virtual HRESULT STDMETHODCALLTYPE status(StatusUi** status) = 0;
};

struct StatusSourceFactory : public Inspectable {
  virtual HRESULT STDMETHODCALLTYPE source(StringHandle sync_root, StatusSource** source) = 0;
};

struct Release {
  void operator()(IUnknown* object) const { object->Release(); }
};
template <typename Interface>
using Owned = std::unique_ptr<Interface, Release>;

// What a call hands out by a pointer; nothing when it fails.
template <typename Interface, typename Call>
Owned<Interface> handed_out(Call call) {
  Interface* object = nullptr;
  return SUCCEEDED(call(&object)) ? Owned<Interface>(object) : nullptr;
}

// A text of the Windows Runtime, which Windows 7 has not.
class RuntimeString {
 public:
  explicit RuntimeString(const std::wstring& text) {
    const HMODULE library = ::LoadLibraryExW(L"combase.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
    if (library == nullptr) return;
    using Create = HRESULT(WINAPI*)(const wchar_t*, UINT32, StringHandle*);
    const auto create = reinterpret_cast<Create>(
        reinterpret_cast<void*>(::GetProcAddress(library, "WindowsCreateString")));
    remove_ = reinterpret_cast<Delete>(
        reinterpret_cast<void*>(::GetProcAddress(library, "WindowsDeleteString")));
    if (create == nullptr || remove_ == nullptr) return;
    if (FAILED(create(text.c_str(), static_cast<UINT32>(text.size()), &handle_))) handle_ = nullptr;
  }
  RuntimeString(const RuntimeString&) = delete;
  RuntimeString& operator=(const RuntimeString&) = delete;
  ~RuntimeString() {
    if (handle_ != nullptr) remove_(handle_);
  }

  StringHandle get() const { return handle_; }

 private:
  using Delete = HRESULT(WINAPI*)(StringHandle);

  StringHandle handle_ = nullptr;
  Delete remove_ = nullptr;
};

std::optional<AccountSight> account(const std::string& sync_root) {
  const RuntimeString id(to_utf16(sync_root));
  if (id.get() == nullptr) return std::nullopt;
  const auto factory = handed_out<StatusSourceFactory>([](StatusSourceFactory** object) {
    return ::CoCreateInstance(kOneDriveStatus, nullptr, CLSCTX_LOCAL_SERVER, kStatusSourceFactory,
                              reinterpret_cast<void**>(object));
  });
  if (!factory) return std::nullopt;
  const auto source = handed_out<StatusSource>(
      [&](StatusSource** object) { return factory->source(id.get(), object); });
  if (!source) return std::nullopt;
  const auto status =
      handed_out<StatusUi>([&](StatusUi** object) { return source->status(object); });
  AccountSight sight;
  if (!status || FAILED(status->get_state(&sight.state))) return std::nullopt;
  const auto quota =
      handed_out<QuotaUi>([&](QuotaUi** object) { return status->get_quota(object); });
  if (!quota) return sight;
  const bool is_told = SUCCEEDED(quota->get_total_bytes(&sight.total_bytes)) &&
                       SUCCEEDED(quota->get_used_bytes(&sight.used_bytes));
  if (!is_told) sight.total_bytes = 0;
  return sight;
}

std::optional<std::uint32_t> file_state(const std::string& file) {
  const auto item = handed_out<IShellItem2>([&](IShellItem2** object) {
    return ::SHCreateItemFromParsingName(to_utf16(file).c_str(), nullptr, IID_IShellItem2,
                                         reinterpret_cast<void**>(object));
  });
  ULONG state = 0;
  if (!item || FAILED(item->GetUInt32(kProviderState, &state))) return std::nullopt;
  return state;
}

// An OneDrive that hangs would keep the tray from ending.
struct CallUnderWay {
  std::atomic<DWORD> thread = 0;
  std::atomic<bool> is_under_way = false;
};

class Mark {
 public:
  explicit Mark(CallUnderWay& call) : call_(call) { call_.is_under_way = true; }
  Mark(const Mark&) = delete;
  Mark& operator=(const Mark&) = delete;
  ~Mark() { call_.is_under_way = false; }

 private:
  CallUnderWay& call_;
};

}  // namespace

CloudEyes one_drive_eyes() {
  const auto call = std::make_shared<CallUnderWay>();
  return {.open =
              [call] {
                ::CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED | COINIT_DISABLE_OLE1DDE);
                ::CoEnableCallCancellation(nullptr);
                call->thread = ::GetCurrentThreadId();
              },
          .account =
              [call](const std::string& sync_root) {
                const Mark mark(*call);
                return account(sync_root);
              },
          .file =
              [call](const std::string& file) {
                const Mark mark(*call);
                return file_state(file);
              },
          .give_up =
              [call] {
                if (call->is_under_way) ::CoCancelCall(call->thread, 0);
              }};
}

}  // namespace holdfast
