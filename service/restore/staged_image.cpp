#include "service/restore/staged_image.h"

#include <utility>

namespace holdfast {
namespace {

class FileReader final : public ImageReader {
 public:
  explicit FileReader(std::unique_ptr<StoredFile> file) : file_(std::move(file)) {}

  std::size_t read_at(std::uint64_t place, std::span<std::byte> into) override {
    return file_->read_at(place, into);
  }
  bool has(std::uint64_t, std::span<const std::byte>) const override { return false; }

 private:
  const std::unique_ptr<StoredFile> file_;
};

}  // namespace

ImageFile::ImageFile(Storage& storage, std::filesystem::path file)
    : storage_(storage), path_(std::move(file)) {}

std::uint64_t ImageFile::size() const {
  return storage_.open(path_)->size();
}

std::unique_ptr<ImageReader> ImageFile::reader() const {
  return std::make_unique<FileReader>(storage_.open(path_));
}

std::unique_ptr<StagedDatabase> ImageFile::database(std::function<bool()> must_end,
                                                    const Error& cancelled) const {
  return std::make_unique<StagedDatabase>(path_, std::move(must_end), cancelled);
}

}  // namespace holdfast
