#include "service/archive/small_entry.h"

#include <fmt/format.h>
#include <isa-l/crc.h>

#include "service/archive/archive_error.h"
#include "service/archive/block_codec.h"

namespace holdfast {

std::string read_small_entry(const StoredFile& file, std::string_view archive,
                             const ZipEntry& entry, std::uint64_t max_bytes,
                             std::string_view what) {
  if (entry.size > max_bytes || entry.compressed_size > 2 * max_bytes) {
    throw invalid_archive(archive, fmt::format("{} is too large", what));
  }
  std::vector<std::byte> deflated(static_cast<std::size_t>(entry.compressed_size));
  const bool complete = file.read_at(entry.content_place, deflated) == deflated.size();
  if (!complete) throw damaged_archive(archive, "it is cut off");
  std::vector<std::byte> content;
  try {
    content = inflate_block(deflated, static_cast<std::size_t>(entry.size), BlockPlace::Last);
  } catch (const Error&) {
    throw damaged_archive(archive, fmt::format("{} cannot be inflated", what));
  }
  const auto* bytes = reinterpret_cast<const unsigned char*>(content.data());
  if (crc32_gzip_refl(0, bytes, content.size()) != entry.crc32) {
    throw damaged_archive(archive, fmt::format("{} is not as it was written", what));
  }
  return {reinterpret_cast<const char*>(content.data()), content.size()};
}

}  // namespace holdfast
