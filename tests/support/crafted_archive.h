#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "service/archive/manifest.h"
#include "service/platform/storage.h"

namespace holdfast {

// An entry of a ZIP file that is written field by field, so that tests can make it lie. What is not
// set is as it should be.
struct CraftedEntry {
  std::string name;
  std::string content;
  ManifestEntry::Kind kind = ManifestEntry::Kind::File;
  std::uint32_t page_size = 0;

  std::uint16_t made_by = 45;
  std::uint16_t version_needed = 20;
  std::uint16_t flags = 1U << 11;
  std::uint16_t method = 8;
  std::uint32_t attributes = 0;
  std::optional<std::string> deflated;
  std::optional<std::uint32_t> crc32;
  std::optional<std::uint64_t> size;
  std::optional<std::uint64_t> compressed_size;
  std::optional<std::uint64_t> header_place;  // in the directory
  std::string extra;                          // in the directory
  std::string comment;
  std::optional<std::string> local_name;
  std::optional<std::uint32_t> local_crc32;
  std::uint16_t local_flags = 1U << 11;
  std::string local_extra;
  std::string after;  // bytes between this entry and what follows
};

// An archive as Holdfast writes it, made by other means: zlib, and no code of the product but the
// manifest's text.
struct CraftedArchive {
  std::vector<CraftedEntry> entries;
  Manifest manifest;
  bool lists_entries = true;  // in the manifest, as they are
  std::optional<std::string> manifest_text;
  std::optional<CraftedEntry> manifest_entry;
  bool has_manifest = true;
  bool zip64_end = false;
  std::string before;
  std::string comment;
  std::string after;

  std::string bytes() const;
};

// A small archive: a database of one page and two files in folders.
CraftedArchive small_archive();

// The blocks of a content, as one deflate stream, and where each begins.
std::string deflated_blocks(const std::string& content, std::vector<std::uint64_t>& offsets);
std::string deflated_blocks(const std::string& content);

// What the manifest should say of the entry.
ManifestEntry manifest_entry(const CraftedEntry& entry);

// Has one file, whatever its name, no room, and nothing else can be done than read it.
class OneFileStorage final : public Storage {
 public:
  explicit OneFileStorage(std::string bytes) : bytes_(std::move(bytes)) {}

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
  std::string bytes_;
};

}  // namespace holdfast
