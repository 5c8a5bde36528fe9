#include "service/archive/file_hash.h"

#include <span>
#include <vector>

#include "service/archive/content_hash.h"

namespace holdfast {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

template <typename Take>
std::string read_through(const StoredFile& file, const OnBytes& on_bytes, const Take& take) {
  std::vector<std::byte> memory(kPieceBytes);
  ContentHash hash;
  for (std::uint64_t place = 0;;) {
    const std::size_t bytes = file.read_at(place, memory);
    const auto piece = std::span<const std::byte>(memory).first(bytes);
    hash.add(piece);
    if (bytes > 0) take(place, piece);
    place += bytes;
    on_bytes(bytes);
    if (bytes < memory.size()) return hash.digits();
  }
}

}  // namespace

std::string file_hash(const StoredFile& file, const OnBytes& on_bytes) {
  return read_through(file, on_bytes, [](std::uint64_t, std::span<const std::byte>) {});
}

std::string copy_file_content(const StoredFile& from, StoredFile& to, const OnBytes& on_bytes) {
  std::string hash = read_through(
      from, on_bytes,
      [&to](std::uint64_t place, std::span<const std::byte> piece) { to.write_at(place, piece); });
  to.flush();
  return hash;
}

}  // namespace holdfast
