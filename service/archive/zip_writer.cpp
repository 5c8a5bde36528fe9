#include "service/archive/zip_writer.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include <minizip/zip.h>

#include "common/error.h"

namespace holdfast {

// What minizip's callbacks work on. They are called from C, which an exception must not cross, and
// minizip loses memory when a write fails: so the writes wait here until its call has returned.
struct ZipWriter::Target {
  struct Write {
    std::uint64_t place = 0;
    std::vector<std::byte> bytes;
  };

  StoredFile& file;
  std::uint64_t place = 0;
  std::uint64_t end = 0;
  std::vector<Write> waiting;

  void take(std::span<const std::byte> bytes) {
    const bool follows =
        !waiting.empty() && waiting.back().place + waiting.back().bytes.size() == place;
    if (!follows) waiting.push_back({.place = place});
    waiting.back().bytes.insert(waiting.back().bytes.end(), bytes.begin(), bytes.end());
    place += bytes.size();
    end = std::max(end, place);
  }

  void write_waiting() {
    for (const Write& write : waiting) file.write_at(write.place, write.bytes);
    waiting.clear();
  }
};

namespace {

constexpr int kDeflated = Z_DEFLATED;
constexpr int kRaw = 1;
// General purpose bit 11: the name is UTF-8.
constexpr uLong kUtf8Name = 1UL << 11;
// Made by version 4.5 on MS-DOS: the attributes mean nothing in particular.
constexpr uLong kMadeBy = 45;
constexpr std::uint64_t kZip64From = std::numeric_limits<std::uint32_t>::max() / 2;

zip_fileinfo file_info(Time modified) {
  const auto day = std::chrono::floor<std::chrono::days>(modified);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{modified - day};
  zip_fileinfo info{};
  info.tmz_date.tm_year = static_cast<int>(date.year());
  info.tmz_date.tm_mon = static_cast<int>(static_cast<unsigned>(date.month())) - 1;
  info.tmz_date.tm_mday = static_cast<int>(static_cast<unsigned>(date.day()));
  info.tmz_date.tm_hour = static_cast<int>(clock.hours().count());
  info.tmz_date.tm_min = static_cast<int>(clock.minutes().count());
  info.tmz_date.tm_sec = static_cast<int>(clock.seconds().count());
  return info;
}

template <typename Stream>
Stream& stream_of(voidpf stream) {
  return *static_cast<Stream*>(stream);
}

}  // namespace

ZipWriter::ZipWriter(StoredFile& file) : target_(new Target{.file = file}) {
  zlib_filefunc64_def calls{};
  calls.opaque = target_.get();
  calls.zopen64_file = [](voidpf opaque, const void*, int) -> voidpf { return opaque; };
  calls.zwrite_file = [](voidpf, voidpf stream, const void* bytes, uLong size) -> uLong {
    stream_of<Target>(stream).take({static_cast<const std::byte*>(bytes), size});
    return size;
  };
  calls.zread_file = [](voidpf, voidpf, void*, uLong) -> uLong { return 0; };
  calls.ztell64_file = [](voidpf, voidpf stream) -> ZPOS64_T {
    return stream_of<Target>(stream).place;
  };
  calls.zseek64_file = [](voidpf, voidpf stream, ZPOS64_T offset, int origin) -> long {
    auto& target = stream_of<Target>(stream);
    const std::uint64_t from = origin == ZLIB_FILEFUNC_SEEK_SET   ? 0
                               : origin == ZLIB_FILEFUNC_SEEK_CUR ? target.place
                                                                  : target.end;
    target.place = from + offset;
    return 0;
  };
  calls.zclose_file = [](voidpf, voidpf) -> int { return 0; };
  calls.zerror_file = [](voidpf, voidpf) -> int { return 0; };
  zip_ = zipOpen2_64("", APPEND_STATUS_CREATE, nullptr, &calls);
  if (zip_ == nullptr) throw Error(ErrorCode::Internal, "A ZIP file cannot be begun.", "");
}

ZipWriter::~ZipWriter() {
  if (zip_ == nullptr) return;
  // Nothing but this frees what minizip holds. What it still writes is for nobody.
  zipClose(zip_, nullptr);
}

std::uint64_t ZipWriter::begin_entry(const std::string& name, Time modified,
                                     std::uint64_t size_hint) {
  const zip_fileinfo info = file_info(modified);
  check(zipOpenNewFileInZip4_64(zip_, name.c_str(), &info, nullptr, 0, nullptr, 0, nullptr,
                                kDeflated, Z_BEST_SPEED, kRaw, -MAX_WBITS, DEF_MEM_LEVEL,
                                Z_DEFAULT_STRATEGY, nullptr, 0, kMadeBy, kUtf8Name,
                                size_hint >= kZip64From ? 1 : 0));
  return target_->place;
}

void ZipWriter::write_deflated(std::span<const std::byte> bytes) {
  check(zipWriteInFileInZip(zip_, bytes.data(), static_cast<unsigned>(bytes.size())));
}

void ZipWriter::end_entry(std::uint64_t size, std::uint32_t crc32) {
  check(zipCloseFileInZipRaw64(zip_, size, crc32));
}

void ZipWriter::finish() {
  check(zipClose(std::exchange(zip_, nullptr), nullptr));
}

void ZipWriter::check(int result) const {
  target_->write_waiting();
  if (result == ZIP_OK) return;
  throw Error(ErrorCode::Internal, "The ZIP file cannot be written.", "Report this.");
}

}  // namespace holdfast
