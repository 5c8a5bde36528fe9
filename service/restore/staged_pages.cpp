#include "service/restore/staged_pages.h"

#include "service/archive/manifest.h"

namespace holdfast {
namespace {

constexpr std::size_t kHeaderBytes = 100;

}  // namespace

StagedPages::StagedPages(Storage& storage, const std::filesystem::path& file,
                         std::uint32_t page_size)
    : file_(storage.open(file)),
      page_size_(page_size),
      count_(static_cast<std::uint32_t>(file_->size() / page_size)) {}

Page StagedPages::page(std::uint32_t number) {
  const std::uint64_t place = std::uint64_t{number - 1} * page_size_;
  if (place < begin_ || place + page_size_ > begin_ + piece_.size()) {
    piece_.resize(kBlockBytes);
    piece_.resize(file_->read_at(place, piece_));
    begin_ = place;
  }
  if (place + page_size_ > begin_ + piece_.size()) return {};
  return Page(piece_).subspan(static_cast<std::size_t>(place - begin_), page_size_);
}

DatabaseHeader staged_header(Storage& storage, const std::filesystem::path& file) {
  std::vector<std::byte> start(kHeaderBytes);
  start.resize(storage.open(file)->read_at(0, start));
  return database_header(start);
}

}  // namespace holdfast
