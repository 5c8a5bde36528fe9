#include "tests/support/faulty_storage.h"

#include <algorithm>
#include <utility>

namespace holdfast {
namespace {

class FaultyFile final : public StoredFile {
 public:
  FaultyFile(std::unique_ptr<StoredFile> file, const FaultyStorage& storage)
      : file_(std::move(file)), storage_(storage) {}

  std::size_t read_at(std::uint64_t place, std::span<std::byte> into) const override {
    return file_->read_at(place, into);
  }
  void write_at(std::uint64_t place, std::span<const std::byte> bytes) override {
    storage_.before("write");
    file_->write_at(place, bytes);
  }
  void flush() override {
    storage_.before("flush");
    file_->flush();
  }
  std::uint64_t size() const override { return file_->size(); }

 private:
  std::unique_ptr<StoredFile> file_;
  const FaultyStorage& storage_;
};

}  // namespace

std::unique_ptr<StoredFile> FaultyStorage::open(const std::filesystem::path& path) {
  before_open(path);
  return disk_.open(path);
}

std::unique_ptr<StoredFile> FaultyStorage::create(const std::filesystem::path& path) {
  before("create");
  return std::make_unique<FaultyFile>(disk_.create(path), *this);
}

void FaultyStorage::rename(const std::filesystem::path& from, const std::filesystem::path& to) {
  before("rename");
  disk_.rename(from, to);
}

void FaultyStorage::replace(const std::filesystem::path& from, const std::filesystem::path& to) {
  before("replace");
  disk_.replace(from, to);
}

void FaultyStorage::remove(const std::filesystem::path& path) {
  before("remove");
  disk_.remove(path);
}

bool FaultyStorage::is_being_written(const std::filesystem::path& path) {
  before_open(path);
  return disk_.is_being_written(path);
}

void FaultyStorage::create_folders(const std::filesystem::path& path) {
  disk_.create_folders(path);
}

void FaultyStorage::flush_folder(const std::filesystem::path& folder) {
  before("flush folder");
  disk_.flush_folder(folder);
}

std::uint64_t FaultyStorage::free_bytes(const std::filesystem::path& folder) {
  before_measuring();
  return std::min(disk_.free_bytes(folder), most_free_bytes);
}

std::vector<StoredEntry> FaultyStorage::list(const std::filesystem::path& folder) {
  std::vector<StoredEntry> entries = disk_.list(folder);
  for (StoredEntry& entry : entries) entry.is_local = !only_in_cloud.contains(entry.name);
  return entries;
}

}  // namespace holdfast
