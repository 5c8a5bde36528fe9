#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "service/restore/database_page.h"
#include "service/restore/staged_image.h"
#include "service/restore/staged_pages.h"

namespace holdfast {

// Which pages of a live database differ from a staged one, as somebody else reads all of them in
// their order. What is known then need not be read again while the database is locked.
class PageDifference {
 public:
  // The image must outlive it.
  explicit PageDifference(const StagedImage& image) : image_(image) {}

  // The first page begins anew.
  void take(std::uint32_t number, Page page);

  // How many pages were taken.
  std::uint32_t count() const { return static_cast<std::uint32_t>(differs_.size()); }
  bool differs(std::uint32_t number) const { return differs_[number - 1]; }

 private:
  const StagedImage& image_;
  std::optional<StagedPages> staged_;
  std::vector<bool> differs_;
};

}  // namespace holdfast
