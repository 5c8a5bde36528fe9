#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "service/platform/storage.h"
#include "service/restore/database_page.h"

namespace holdfast {

// The pages of a database file that nobody uses, best asked for in their order.
class StagedPages {
 public:
  StagedPages(Storage& storage, const std::filesystem::path& file, std::uint32_t page_size);

  std::uint32_t count() const { return count_; }
  // Empty past the end. Until the next one is asked for.
  Page page(std::uint32_t number);

 private:
  std::unique_ptr<StoredFile> file_;
  std::uint32_t page_size_;
  std::uint32_t count_;
  std::vector<std::byte> piece_;
  std::uint64_t begin_ = 0;  // of the piece
};

DatabaseHeader staged_header(Storage& storage, const std::filesystem::path& file);

}  // namespace holdfast
