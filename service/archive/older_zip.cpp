#include "service/archive/older_zip.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <fmt/format.h>
#include <minizip/unzip.h>

#include "common/path_text.h"
#include "common/text.h"
#include "service/archive/archive_error.h"
#include "service/archive/archive_limits.h"

namespace holdfast {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 18;
constexpr uLong kEncrypted = 1;
constexpr uLong kTypeMask = 0170000;
constexpr uLong kLink = 0120000;

// What minizip's callbacks work on. They are called from C, which an exception must not cross: it
// waits here until the call has returned.
struct ZipInput {
  const StoredFile& file;
  std::uint64_t place = 0;
  std::exception_ptr failure;
};

ZipInput& input_of(voidpf stream) {
  return *static_cast<ZipInput*>(stream);
}

uLong read_input(voidpf, voidpf stream, void* into, uLong bytes) noexcept {
  ZipInput& input = input_of(stream);
  try {
    const std::size_t read =
        input.file.read_at(input.place, {static_cast<std::byte*>(into), bytes});
    input.place += read;
    return static_cast<uLong>(read);
  } catch (...) {
    input.failure = std::current_exception();
    return 0;
  }
}

long seek_input(voidpf, voidpf stream, ZPOS64_T place, int from) noexcept {
  ZipInput& input = input_of(stream);
  try {
    if (from == ZLIB_FILEFUNC_SEEK_CUR) place += input.place;
    if (from == ZLIB_FILEFUNC_SEEK_END) place += input.file.size();
    // What a broken directory says may lie anywhere.
    if (place > input.file.size()) return -1;
    input.place = place;
    return 0;
  } catch (...) {
    input.failure = std::current_exception();
    return -1;
  }
}

struct UnzClose {
  void operator()(void* zip) const { ::unzClose(zip); }
};

}  // namespace

class OlderZip::Directory {
 public:
  Directory(Storage& storage, const std::filesystem::path& archive, std::vector<Entry>& entries)
      : archive_(path_text(archive.filename())),
        file_(storage.open(archive)),
        input_{.file = *file_},
        entries_(entries) {
    zlib_filefunc64_def calls{};
    calls.opaque = &input_;
    calls.zopen64_file = [](voidpf opaque, const void*, int) -> voidpf { return opaque; };
    calls.zread_file = &read_input;
    calls.ztell64_file = [](voidpf, voidpf stream) -> ZPOS64_T { return input_of(stream).place; };
    calls.zseek64_file = &seek_input;
    calls.zclose_file = [](voidpf, voidpf) { return 0; };
    calls.zerror_file = [](voidpf, voidpf stream) { return input_of(stream).failure ? 1 : 0; };
    zip_.reset(::unzOpen2_64("", &calls));
    rethrow();
    if (!zip_) throw damaged_archive(archive_, "it is no ZIP file, or is cut off");
    list();
  }

  void read(std::size_t entry, const OnPiece& on_piece) const {
    unz64_file_pos position = positions_.at(entry);
    check(entry, ::unzGoToFilePos64(zip_.get(), &position));
    check(entry, ::unzOpenCurrentFile(zip_.get()));
    std::vector<std::byte> memory(kPieceBytes);
    std::uint64_t left = entries_.at(entry).size;
    while (true) {
      const int read =
          ::unzReadCurrentFile(zip_.get(), memory.data(), static_cast<unsigned>(memory.size()));
      check(entry, std::min(read, 0));
      if (read == 0) break;
      const auto piece = std::span<const std::byte>(memory).first(static_cast<std::size_t>(read));
      if (piece.size() > left) throw not_as_it_was(entry);
      left -= piece.size();
      on_piece(piece);
    }
    // Compares the checksum.
    check(entry, ::unzCloseCurrentFile(zip_.get()));
    if (left != 0) throw not_as_it_was(entry);
  }

 private:
  void list() {
    int result = ::unzGoToFirstFile(zip_.get());
    for (; result == UNZ_OK; result = ::unzGoToNextFile(zip_.get())) {
      std::string name(kMaxEntryNameBytes + 1, '\0');
      unz_file_info64 info{};
      result = ::unzGetCurrentFileInfo64(zip_.get(), &info, name.data(),
                                         static_cast<uLong>(name.size()), nullptr, 0, nullptr, 0);
      rethrow();
      if (result != UNZ_OK || info.size_filename > kMaxEntryNameBytes) break;
      name.resize(info.size_filename);
      add(name, info);
    }
    rethrow();
    if (result != UNZ_END_OF_LIST_OF_FILE)
      throw damaged_archive(archive_, "its directory is not as it was");
  }

  void add(std::string name, const unz_file_info64& info) {
    // As Windows has written it once.
    std::ranges::replace(name, '\\', '/');
    if (name.ends_with('/')) return;
    if ((info.flag & kEncrypted) != 0) {
      throw invalid_archive(archive_, fmt::format("{} in it is encrypted", one_line(name)));
    }
    if ((info.external_fa >> 16 & kTypeMask) == kLink) {
      throw invalid_archive(archive_, fmt::format("{} in it is a link", one_line(name)));
    }
    if (entries_.size() == kMaxArchiveEntries) {
      throw invalid_archive(archive_, "it has too many files");
    }
    unz64_file_pos position{};
    ::unzGetFilePos64(zip_.get(), &position);
    entries_.push_back({.name = std::move(name), .size = info.uncompressed_size});
    positions_.push_back(position);
  }

  void check(std::size_t entry, int result) const {
    rethrow();
    if (result != UNZ_OK) throw not_as_it_was(entry);
  }

  Error not_as_it_was(std::size_t entry) const {
    return damaged_archive(
        archive_, fmt::format("{} is not what was backed up", one_line(entries_.at(entry).name)));
  }

  void rethrow() const {
    if (input_.failure) std::rethrow_exception(input_.failure);
  }

  const std::string archive_;
  const std::unique_ptr<StoredFile> file_;
  ZipInput input_;
  std::unique_ptr<void, UnzClose> zip_;
  std::vector<unz64_file_pos> positions_;
  std::vector<Entry>& entries_;
};

OlderZip::OlderZip(Storage& storage, const std::filesystem::path& archive)
    : directory_(std::make_unique<Directory>(storage, archive, entries_)) {}

OlderZip::~OlderZip() = default;

void OlderZip::read(std::size_t entry, const OnPiece& on_piece) const {
  directory_->read(entry, on_piece);
}

}  // namespace holdfast
