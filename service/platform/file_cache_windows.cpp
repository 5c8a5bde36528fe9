#include <windows.h>

#include "common/unique_handle.h"
#include "service/platform/file_cache.h"
#include "service/platform/system_path.h"

namespace holdfast {

// Opened without buffering, a file that nobody else has open loses what was cached of it.
void drop_cached(const std::filesystem::path& file) noexcept {
  const FileHandle opened(::CreateFileW(system_path(file).c_str(), GENERIC_READ,
                                        FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                        nullptr, OPEN_EXISTING, FILE_FLAG_NO_BUFFERING, nullptr));
}

}  // namespace holdfast
