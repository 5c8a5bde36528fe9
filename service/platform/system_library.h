#pragma once

#include <windows.h>

#include <memory>
#include <type_traits>

namespace holdfast {

// A library of Windows that not every Windows has, or not with every function.
class SystemLibrary {
 public:
  explicit SystemLibrary(const wchar_t* name)
      : module_(::LoadLibraryExW(name, nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32)) {}

  // Sets the pointer to the function of that name, or to nullptr.
  template <typename Function>
  void find(Function*& function, const char* name) const {
    // Through void*, since the compiler cannot know that the types fit.
    void* const found =
        module_ ? reinterpret_cast<void*>(::GetProcAddress(module_.get(), name)) : nullptr;
    function = reinterpret_cast<Function*>(found);
  }

 private:
  struct Free {
    void operator()(HMODULE module) const { ::FreeLibrary(module); }
  };

  std::unique_ptr<std::remove_pointer_t<HMODULE>, Free> module_;
};

}  // namespace holdfast
