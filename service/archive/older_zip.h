#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "service/platform/storage.h"

namespace holdfast {

// A ZIP file of an older system, by whatever program it was made. Names and contents may be
// anybody's. For one thread.
class OlderZip {
 public:
  struct Entry {
    std::string name;  // with '/'; folders are left out
    std::uint64_t size = 0;
  };
  using OnPiece = std::function<void(std::span<const std::byte> piece)>;

  // Throws Error: ArchiveInvalid for one with links or encrypted files, ArchiveDamaged, and what
  // the storage throws.
  OlderZip(Storage& storage, const std::filesystem::path& archive);
  OlderZip(const OlderZip&) = delete;
  OlderZip& operator=(const OlderZip&) = delete;
  ~OlderZip();

  const std::vector<Entry>& entries() const { return entries_; }
  // Hands over all that an entry holds, piece by piece, and never more than its size. Throws
  // Error(ArchiveDamaged) for what is not as it was.
  void read(std::size_t entry, const OnPiece& on_piece) const;

 private:
  class Directory;

  std::vector<Entry> entries_;
  std::unique_ptr<Directory> directory_;
};

}  // namespace holdfast
