#include "service/backup/side_file_content.h"

#include <memory>
#include <string>
#include <vector>

#include "common/error.h"
#include "common/path_text.h"
#include "service/archive/content_hash.h"

namespace holdfast {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{256} * 1024;

std::string read_once(Storage& storage, const std::filesystem::path& path,
                      const std::function<void(std::span<const std::byte>)>& take) {
  ContentHash hash;
  const std::unique_ptr<StoredFile> file = storage.open(path);
  std::vector<std::byte> piece(kPieceBytes);
  std::uint64_t place = 0;
  while (const std::size_t length = file->read_at(place, piece)) {
    const std::span<const std::byte> bytes(piece.data(), length);
    hash.add(bytes);
    if (take) take(bytes);
    place += length;
  }
  return hash.digits();
}

Error changed(const std::filesystem::path& path) {
  return {ErrorCode::SourceChanged, path_text(path) + " was changed while it was read.",
          "It is tried again; if it stays so, leave it out or back up when the program rests."};
}

}  // namespace

void read_unchanging(Storage& storage, const std::filesystem::path& path,
                     const std::function<void(std::span<const std::byte>)>& take) {
  try {
    const std::string taken = read_once(storage, path, take);
    if (read_once(storage, path, {}) != taken) throw changed(path);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::NotFound) throw changed(path);
    throw;
  }
}

}  // namespace holdfast
