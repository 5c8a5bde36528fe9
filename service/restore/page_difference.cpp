#include "service/restore/page_difference.h"

namespace holdfast {

void PageDifference::take(std::uint32_t number, Page page) {
  if (number == 1) {
    staged_.emplace(image_, static_cast<std::uint32_t>(page.size()));
    differs_.clear();
  }
  differs_.push_back(!staged_->is_same(number, page));
}

}  // namespace holdfast
