#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "service/archive/file_hash.h"
#include "service/catalog/older_archives.h"
#include "service/platform/storage.h"

namespace holdfast {

// The files that an older system has backed up, whatever it put them into. Names and contents may
// be anybody's.
class OlderFiles {
 public:
  struct File {
    std::string name;  // relative, with '/'
    std::uint64_t size = 0;
  };

  OlderFiles() = default;
  OlderFiles(const OlderFiles&) = delete;
  OlderFiles& operator=(const OlderFiles&) = delete;
  virtual ~OlderFiles() = default;

  const std::vector<File>& files() const { return files_; }
  // Writes what a file holds into a new one, flushes it, and returns the XXH3 of what was written.
  // Never writes more than the file's size. Throws Error(ArchiveDamaged) for what is not as it was.
  virtual std::string copy(std::size_t file, StoredFile& to, const OnBytes& on_bytes) const = 0;

 protected:
  std::vector<File> files_;
};

// Throws Error: ArchiveInvalid for what has links or names that are refused, ArchiveDamaged, and
// what the storage throws. The copy of a database is called `database_name` in it.
std::unique_ptr<OlderFiles> open_older_files(Storage& storage, const std::filesystem::path& archive,
                                             const OlderName& name,
                                             const std::string& database_name);

}  // namespace holdfast
