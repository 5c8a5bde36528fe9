#include "service/restore/staged_pages.h"

#include "service/archive/manifest.h"

namespace holdfast {
namespace {

constexpr std::size_t kHeaderBytes = 100;

}  // namespace

StagedPages::StagedPages(const StagedImage& image, std::uint32_t page_size)
    : image_(image.reader()),
      page_size_(page_size),
      count_(static_cast<std::uint32_t>(image.size() / page_size)) {}

Page StagedPages::page(std::uint32_t number) {
  const std::uint64_t place = std::uint64_t{number - 1} * page_size_;
  if (place < begin_ || place + page_size_ > begin_ + piece_.size()) {
    // Who asks for one page after the other will ask for those behind it.
    const bool follows = place == begin_ + piece_.size();
    piece_.resize(follows ? std::size_t{kBlockBytes} : page_size_);
    piece_.resize(image_->read_at(place, piece_));
    begin_ = place;
  }
  if (place + page_size_ > begin_ + piece_.size()) return {};
  return Page(piece_).subspan(static_cast<std::size_t>(place - begin_), page_size_);
}

bool StagedPages::is_same(std::uint32_t number, Page other) {
  const std::uint64_t place = std::uint64_t{number - 1} * page_size_;
  return (other.size() == page_size_ && image_->has(place, other)) ||
         is_same_page(number, other, page(number));
}

DatabaseHeader staged_header(const StagedImage& image) {
  std::vector<std::byte> start(kHeaderBytes);
  start.resize(image.reader()->read_at(0, start));
  return database_header(start);
}

}  // namespace holdfast
