#include <windows.h>

#include "common/path_text.h"
#include "common/windows_error.h"
#include "service/platform/is_there.h"
#include "service/platform/system_path.h"

namespace holdfast {

bool is_there(const std::filesystem::path& path) {
  if (::GetFileAttributesW(system_path(path).c_str()) != INVALID_FILE_ATTRIBUTES) return true;
  const DWORD code = ::GetLastError();
  switch (code) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_INVALID_NAME:
    case ERROR_DIRECTORY: return false;
    case ERROR_SHARING_VIOLATION: return true;
    default:
      throw windows_error("Cannot look for " + path_text(path), code,
                          "Check the disk and try again.");
  }
}

}  // namespace holdfast
