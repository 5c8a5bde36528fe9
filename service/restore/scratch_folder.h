#pragma once

#include <filesystem>
#include <memory>

#include "service/platform/storage.h"

namespace holdfast {

// A folder for work that leaves nothing behind: removed, with all that is in it, when this ends.
// What is left of one whose process was killed is removed by the next one in the same place. Links
// are neither followed nor removed, and what has another name is left alone.
class ScratchFolder {
 public:
  // Makes it, and `place` where that is missing. Throws what the storage throws.
  ScratchFolder(Storage& storage, const std::filesystem::path& place);
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  // No file in it may be open any more: Windows would keep it.
  ~ScratchFolder();

  const std::filesystem::path& path() const { return path_; }

 private:
  Storage& storage_;
  std::filesystem::path path_;
  // Stands beside the folder, and is open as long as it is in use: before the folder is made, and
  // until it is gone.
  std::unique_ptr<StoredFile> lock_;
};

}  // namespace holdfast
