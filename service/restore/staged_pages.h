#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "service/restore/database_page.h"
#include "service/restore/staged_image.h"

namespace holdfast {

// The pages of a staged database, best asked for in their order.
class StagedPages {
 public:
  StagedPages(const StagedImage& image, std::uint32_t page_size);

  std::uint32_t count() const { return count_; }
  // Empty past the end. Until the next one is asked for.
  Page page(std::uint32_t number);
  // Whether this page of another database is the same; see is_same_page().
  bool is_same(std::uint32_t number, Page other);

 private:
  std::unique_ptr<ImageReader> image_;
  std::uint32_t page_size_;
  std::uint32_t count_;
  std::vector<std::byte> piece_;
  std::uint64_t begin_ = 0;  // of the piece
};

DatabaseHeader staged_header(const StagedImage& image);

}  // namespace holdfast
