#pragma once

#include <windows.h>

#include <utility>

namespace holdfast {

// Owns one Win32 handle. What "no handle" looks like and how it is closed differ by kind, so each
// kind is a type of its own: a handle of one kind cannot be closed as another.
template <typename Traits>
class UniqueHandle {
 public:
  using Handle = typename Traits::Handle;

  UniqueHandle() = default;
  explicit UniqueHandle(Handle handle) : handle_(handle) {}
  UniqueHandle(const UniqueHandle&) = delete;
  UniqueHandle& operator=(const UniqueHandle&) = delete;
  UniqueHandle(UniqueHandle&& other) noexcept : handle_(other.release()) {}
  UniqueHandle& operator=(UniqueHandle&& other) noexcept {
    if (this != &other) reset(other.release());
    return *this;
  }
  ~UniqueHandle() { reset(); }

  explicit operator bool() const { return handle_ != Traits::none(); }
  Handle get() const { return handle_; }
  Handle release() { return std::exchange(handle_, Traits::none()); }
  void reset(Handle handle = Traits::none()) {
    if (handle_ != Traits::none()) Traits::close(handle_);
    handle_ = handle;
  }
  // For calls that hand a handle out through a pointer; closes what was owned before.
  Handle* put() {
    reset();
    return &handle_;
  }

 private:
  Handle handle_ = Traits::none();
};

struct FileHandleTraits {
  using Handle = HANDLE;
  static Handle none() { return INVALID_HANDLE_VALUE; }
  static void close(Handle handle) { ::CloseHandle(handle); }
};
// Files and pipes: the handles that CreateFileW and CreateNamedPipeW return.
using FileHandle = UniqueHandle<FileHandleTraits>;

struct FindHandleTraits {
  using Handle = HANDLE;
  static Handle none() { return INVALID_HANDLE_VALUE; }
  static void close(Handle handle) { ::FindClose(handle); }
};
// Searches for files: the handles that FindFirstFileW returns.
using FindHandle = UniqueHandle<FindHandleTraits>;

struct KernelHandleTraits {
  using Handle = HANDLE;
  static Handle none() { return nullptr; }
  static void close(Handle handle) { ::CloseHandle(handle); }
};
// Events, mutexes, tokens, processes, threads.
using KernelHandle = UniqueHandle<KernelHandleTraits>;

struct ServiceHandleTraits {
  using Handle = SC_HANDLE;
  static Handle none() { return nullptr; }
  static void close(Handle handle) { ::CloseServiceHandle(handle); }
};
using ServiceHandle = UniqueHandle<ServiceHandleTraits>;

struct RegistryKeyTraits {
  using Handle = HKEY;
  static Handle none() { return nullptr; }
  static void close(Handle handle) { ::RegCloseKey(handle); }
};
using RegistryKey = UniqueHandle<RegistryKeyTraits>;

struct LocalMemoryTraits {
  using Handle = void*;
  static Handle none() { return nullptr; }
  static void close(Handle memory) { ::LocalFree(memory); }
};
// What an API allocated with LocalAlloc for the caller to free.
using LocalMemory = UniqueHandle<LocalMemoryTraits>;

}  // namespace holdfast
