#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "service/archive/archive_name.h"
#include "service/platform/storage.h"

namespace holdfast {

// An archive that is being made: a file under its unfinished name, which is removed again unless it
// is published.
class UnfinishedArchive {
 public:
  // `name` is what it shall be called; while it is unfinished, and if that is taken when it is
  // published, the next free name is used. Throws Error(Usage) where the dataset in it is no
  // dataset's name, and what the storage throws.
  UnfinishedArchive(Storage& storage, std::filesystem::path destination, ArchiveName name);
  UnfinishedArchive(const UnfinishedArchive&) = delete;
  UnfinishedArchive& operator=(const UnfinishedArchive&) = delete;
  ~UnfinishedArchive();

  StoredFile& file() { return *file_; }
  const std::filesystem::path& path() const { return path_; }

  // When it returns, the disk has what was written. Others may read the file meanwhile.
  void flush();
  // Gives the flushed archive its final name, never another's, and returns its path.
  std::filesystem::path publish();

 private:
  Storage& storage_;
  std::filesystem::path destination_;
  ArchiveName name_;
  std::filesystem::path path_;
  std::unique_ptr<StoredFile> file_;
  bool published_ = false;
};

}  // namespace holdfast
