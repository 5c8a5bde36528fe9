#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/archive/entry_content.h"
#include "service/archive/manifest.h"
#include "service/platform/storage.h"

namespace holdfast {

// An archive that is open for reading. It may have been written by anybody: what it says of itself
// is believed only as far as its parts agree and its limits allow. That its content is what was
// backed up, verify_archive() tells.
//
// Many threads may read at once.
class ArchiveReader {
 public:
  // Throws Error: ArchiveInvalid for what no Holdfast has written, ArchiveDamaged for what is not
  // as it was, ArchiveTooNew for what a newer Holdfast has written, and what the storage throws.
  ArchiveReader(Storage& storage, const std::filesystem::path& archive);

  // The archive's file name, for what is told about it.
  const std::string& name() const { return name_; }
  // Of the archive itself.
  std::uint64_t bytes() const { return bytes_; }
  const Manifest& manifest() const { return manifest_; }
  const std::vector<ManifestEntry>& entries() const { return manifest_.entries; }
  std::optional<std::size_t> find(std::string_view entry_name) const;

  // The content of one of the entries.
  EntryContent content(std::size_t entry) const;

 private:
  std::string name_;
  std::unique_ptr<StoredFile> file_;
  std::uint64_t bytes_;
  Manifest manifest_;
  std::vector<std::uint64_t> content_places_;
};

}  // namespace holdfast
