#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <set>
#include <string>

#include "service/platform/storage.h"

namespace holdfast {

// The real disk until a test says otherwise: before each step that changes something, `before` is
// called with its name ("create", "write", "flush", "rename", "replace", "flush folder", "remove")
// and may throw what a disk would, or end the process.
class FaultyStorage final : public Storage {
 public:
  std::function<void(const std::string& step)> before = [](const std::string&) {};
  // Called before a file is opened for reading, or to see whether it is written; may change it.
  std::function<void(const std::filesystem::path& file)> before_open =
      [](const std::filesystem::path&) {};

  // Names of files whose data is not on this disk.
  std::set<std::filesystem::path> only_in_cloud;

  // Called before free space is measured, and may throw.
  std::function<void()> before_measuring = [] {};
  // So much space is free at most.
  std::uint64_t most_free_bytes = std::numeric_limits<std::uint64_t>::max();

  std::unique_ptr<StoredFile> open(const std::filesystem::path& path) override;
  std::unique_ptr<StoredFile> create(const std::filesystem::path& path) override;
  void rename(const std::filesystem::path& from, const std::filesystem::path& to) override;
  void replace(const std::filesystem::path& from, const std::filesystem::path& to) override;
  void remove(const std::filesystem::path& path) override;
  bool is_being_written(const std::filesystem::path& path) override;
  void create_folders(const std::filesystem::path& path) override;
  void flush_folder(const std::filesystem::path& folder) override;
  std::uint64_t free_bytes(const std::filesystem::path& folder) override;
  std::vector<StoredEntry> list(const std::filesystem::path& folder) override;

 private:
  DiskStorage disk_;
};

}  // namespace holdfast
