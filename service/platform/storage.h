#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

namespace holdfast {

// An open file, read and written at places. Not for use by several threads at once, but for
// read_at(), which many may call, also of what was written while another thread writes on. Every
// failure is an Error that names the file.
class StoredFile {
 public:
  StoredFile() = default;
  StoredFile(const StoredFile&) = delete;
  StoredFile& operator=(const StoredFile&) = delete;
  virtual ~StoredFile() = default;

  // Fewer bytes than asked for only at the file's end.
  virtual std::size_t read_at(std::uint64_t place, std::span<std::byte> into) const = 0;
  virtual void write_at(std::uint64_t place, std::span<const std::byte> bytes) = 0;
  // When it returns, the disk has everything.
  virtual void flush() = 0;
  virtual std::uint64_t size() const = 0;
};

struct StoredEntry {
  std::filesystem::path name;  // without its folder
  enum class Kind { File, Folder, Link, Other } kind = Kind::Other;
  std::uint64_t size = 0;
  // All of its data is on this disk: opening it downloads nothing.
  bool is_local = true;
};

// The narrow seam to the disk, where tests make it fail. Every failure is an Error that names the
// path; ErrorCode::DiskFull and NotFound are told apart.
class Storage {
 public:
  Storage() = default;
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;
  virtual ~Storage() = default;

  virtual std::unique_ptr<StoredFile> open(const std::filesystem::path& path) = 0;
  // Fails when there is something of that name.
  virtual std::unique_ptr<StoredFile> create(const std::filesystem::path& path) = 0;
  // Never replaces anything: ErrorCode::AlreadyExists.
  virtual void rename(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
  // In the place of what is there, if anything is: at every moment `to` is the one or the other.
  virtual void replace(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
  virtual void remove(const std::filesystem::path& path) = 0;
  // Whether the file is open for writing, here or in another process.
  virtual bool is_being_written(const std::filesystem::path& path) = 0;
  virtual void create_folders(const std::filesystem::path& path) = 0;
  // What a rename in it did survives a power loss.
  virtual void flush_folder(const std::filesystem::path& folder) = 0;
  virtual std::uint64_t free_bytes(const std::filesystem::path& folder) = 0;
  // In the order of the names.
  virtual std::vector<StoredEntry> list(const std::filesystem::path& folder) = 0;
};

// The real disk.
class DiskStorage final : public Storage {
 public:
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
};

}  // namespace holdfast
