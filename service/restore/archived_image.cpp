#include "service/restore/archived_image.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "common/text.h"
#include "service/archive/archive_error.h"
#include "service/archive/archive_vfs.h"
#include "service/archive/block_cache.h"
#include "service/backup/content_parts.h"
#include "service/backup/live_database.h"
#include "service/platform/sqlite_handle.h"

namespace holdfast {

// What stands in a file now, whoever writes to it. Opened by SQLite, but without locks: to open and
// close it otherwise would drop the locks that this process has on it.
class ArchivedImage::LiveFile {
 public:
  explicit LiveFile(const std::filesystem::path& path) {
    sqlite3* raw = nullptr;
    const int result = ::sqlite3_open_v2(
        file_alone(path).c_str(), &raw,
        SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
        nullptr);
    connection_.reset(raw);
    if (result != SQLITE_OK) return;
    ::sqlite3_file_control(raw, "main", SQLITE_FCNTL_FILE_POINTER, &file_);
  }

  // Zeros where there is nothing, or it cannot be read.
  void read_at(std::uint64_t place, std::span<std::byte> into) const {
    int result = SQLITE_CANTOPEN;
    if (file_ != nullptr && file_->pMethods != nullptr) {
      result = file_->pMethods->xRead(file_, into.data(), static_cast<int>(into.size()),
                                      static_cast<sqlite3_int64>(place));
    }
    if (result == SQLITE_OK || result == SQLITE_IOERR_SHORT_READ) return;
    std::ranges::fill(into, std::byte{0});
  }

 private:
  SqliteConnection connection_;
  sqlite3_file* file_ = nullptr;
};

class ArchivedImage::Reader final : public ImageReader {
 public:
  explicit Reader(const ArchivedImage& image)
      : image_(image), live_(image.live_), blocks_(image.content_) {}

  std::size_t read_at(std::uint64_t place, std::span<std::byte> into) override {
    if (place >= image_.size()) return 0;
    const auto wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), image_.size() - place));
    const std::uint64_t part = image_.part_bytes_;
    const std::uint64_t begin = place / part * part;
    const std::uint64_t end = std::min(image_.size(), (place + wanted + part - 1) / part * part);
    if (begin == place && end == place + wanted) {
      read_parts(begin, into.first(wanted));
      return wanted;
    }
    parts_.resize(static_cast<std::size_t>(end - begin));
    read_parts(begin, parts_);
    std::memcpy(into.data(), parts_.data() + (place - begin), wanted);
    return wanted;
  }

  bool has(std::uint64_t place, std::span<const std::byte> bytes) const override {
    const std::size_t part = image_.part_bytes_;
    if (place % part != 0 || bytes.size() % part != 0) return false;
    if (place + bytes.size() > image_.size()) return false;
    auto number = static_cast<std::size_t>(place / part);
    for (std::size_t at = 0; at < bytes.size(); at += part) {
      if (part_digest(bytes.subspan(at, part)) != image_.digests_[number++]) return false;
    }
    return true;
  }

 private:
  void read_parts(std::uint64_t begin, std::span<std::byte> into) {
    const std::size_t part = image_.part_bytes_;
    const auto first = static_cast<std::size_t>(begin / part);
    const bool is_kept = into.size() <= part && image_.places_[first] != 0;
    if (!is_kept) live_.read_at(begin, into);
    for (std::size_t at = 0; at < into.size(); at += part) {
      read_part(first + at / part, into.subspan(at, std::min(part, into.size() - at)));
    }
  }

  // `into` holds what the live file has there.
  void read_part(std::size_t number, std::span<std::byte> into) {
    const auto is_found = [&] { return part_digest(into) == image_.digests_[number]; };
    if (const std::uint32_t place = image_.places_[number]; place != 0) {
      image_.kept_->read_at(std::uint64_t{place - 1} * image_.part_bytes_, into);
    }
    if (is_found()) return;
    blocks_.read_at(std::uint64_t{number} * image_.part_bytes_, into);
    if (is_found()) return;
    throw damaged_archive(
        image_.content_.archive(),
        fmt::format("{} was changed while it was read", one_line(image_.content_.entry().name)));
  }

  const ArchivedImage& image_;
  const LiveFile live_;
  BlockCache blocks_;
  std::vector<std::byte> parts_;
};

ArchivedImage::ArchivedImage(const EntryContent& content, std::filesystem::path live,
                             Storage& storage, const std::filesystem::path& kept)
    : content_(content),
      live_(std::move(live)),
      kept_(storage.create(kept)),
      part_bytes_(part_bytes(content.entry().size)),
      compared_(std::make_unique<LiveFile>(live_)) {
  const auto parts = static_cast<std::size_t>(size() / part_bytes_ + 1);
  digests_.reserve(parts);
  places_.reserve(parts);
}

ArchivedImage::~ArchivedImage() = default;

void ArchivedImage::take(std::span<const std::byte> block) {
  there_.resize(block.size());
  compared_->read_at(std::uint64_t{digests_.size()} * part_bytes_, there_);
  std::size_t kept_from = 0;
  for (std::size_t at = 0; at < block.size(); at += part_bytes_) {
    const auto part = block.subspan(at, std::min(part_bytes_, block.size() - at));
    const bool is_there = std::memcmp(part.data(), there_.data() + at, part.size()) == 0;
    digests_.push_back(part_digest(part));
    places_.push_back(is_there ? 0 : ++kept_parts_);
    if (!is_there) continue;
    keep(block.subspan(kept_from, at - kept_from));
    kept_from = at + part.size();
  }
  keep(block.subspan(kept_from));
}

void ArchivedImage::keep(std::span<const std::byte> parts) {
  if (parts.empty()) return;
  kept_->write_at(kept_bytes_, parts);
  kept_bytes_ += parts.size();
}

std::unique_ptr<ImageReader> ArchivedImage::reader() const {
  return std::make_unique<Reader>(*this);
}

std::unique_ptr<StagedDatabase> ArchivedImage::database(std::function<bool()> must_end,
                                                        const Error& cancelled) const {
  auto reader = std::make_shared<Reader>(*this);
  auto opened = std::make_unique<ArchiveDatabase>(
      content_, [reader](std::uint64_t place, std::span<std::byte> into) {
        return reader->read_at(place, into) == into.size();
      });
  return std::make_unique<StagedDatabase>(live_, std::move(opened), std::move(must_end), cancelled);
}

}  // namespace holdfast
