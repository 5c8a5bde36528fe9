#pragma once

#include <filesystem>

#include "common/unique_handle.h"

namespace holdfast {

// Held while an agent runs, so that there is one on a machine. A file in the protected data folder,
// not a named mutex: nobody but administrators could take it first. Ends with the process, however
// that ends.
class InstanceLock {
 public:
  // Throws Error(AlreadyRunning).
  explicit InstanceLock(const std::filesystem::path& data_folder);

 private:
  FileHandle file_;
};

}  // namespace holdfast
