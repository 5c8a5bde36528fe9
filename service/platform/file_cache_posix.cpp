#include <fcntl.h>
#include <unistd.h>

#include "service/platform/file_cache.h"

namespace holdfast {

void drop_cached(const std::filesystem::path& file) noexcept {
  const int opened = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (opened < 0) return;
  ::posix_fadvise(opened, 0, 0, POSIX_FADV_DONTNEED);
  ::close(opened);
}

}  // namespace holdfast
