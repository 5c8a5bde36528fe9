#include "tests/support/crafted_archive.h"

#include <xxhash.h>
#include <zlib.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>

namespace holdfast {
namespace {

std::string little(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xFF);
  return text;
}

std::uint32_t crc_of(const std::string& content) {
  return static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size())));
}

// The fields that both headers of an entry have, up to the lengths.
std::string common_fields(const CraftedEntry& entry, std::uint16_t flags, std::uint32_t crc,
                          std::uint64_t deflated_size) {
  constexpr std::uint32_t modified = 0x5B745555;
  return little(entry.version_needed, 2) + little(flags, 2) + little(entry.method, 2) +
         little(modified, 4) + little(crc, 4) +
         little(entry.compressed_size.value_or(deflated_size), 4) +
         little(entry.size.value_or(entry.content.size()), 4);
}

struct Parts {
  std::string file;
  std::string directory;
};

void append(Parts& parts, const CraftedEntry& entry) {
  const std::string deflated = entry.deflated.value_or(deflated_blocks(entry.content));
  const std::uint32_t crc = entry.crc32.value_or(crc_of(entry.content));
  const std::string local_name = entry.local_name.value_or(entry.name);
  const std::uint64_t place = entry.header_place.value_or(parts.file.size());
  parts.file +=
      little(0x04034b50, 4) +
      common_fields(entry, entry.local_flags, entry.local_crc32.value_or(crc), deflated.size()) +
      little(local_name.size(), 2) + little(entry.local_extra.size(), 2) + local_name +
      entry.local_extra + deflated + entry.after;
  parts.directory += little(0x02014b50, 4) + little(entry.made_by, 2) +
                     common_fields(entry, entry.flags, crc, deflated.size()) +
                     little(entry.name.size(), 2) + little(entry.extra.size(), 2) +
                     little(entry.comment.size(), 2) + little(0, 2) + little(0, 2) +
                     little(entry.attributes, 4) + little(place, 4) + entry.name + entry.extra +
                     entry.comment;
}

void only_read() {
  throw std::logic_error("this storage can only be read");
}

class BytesFile final : public StoredFile {
 public:
  explicit BytesFile(const std::string& bytes) : bytes_(bytes) {}

  std::size_t read_at(std::uint64_t place, std::span<std::byte> into) const override {
    if (place >= bytes_.size()) return 0;
    const auto begin = static_cast<std::size_t>(place);
    const std::size_t count = std::min(into.size(), bytes_.size() - begin);
    std::copy_n(reinterpret_cast<const std::byte*>(bytes_.data()) + begin, count, into.begin());
    return count;
  }
  void write_at(std::uint64_t, std::span<const std::byte>) override { only_read(); }
  void flush() override { only_read(); }
  std::uint64_t size() const override { return bytes_.size(); }

 private:
  const std::string& bytes_;
};

}  // namespace

std::string CraftedArchive::bytes() const {
  Parts parts{.file = before};
  Manifest listed = manifest;
  for (const CraftedEntry& entry : entries) {
    append(parts, entry);
    if (lists_entries) listed.entries.push_back(holdfast::manifest_entry(entry));
  }
  if (has_manifest) {
    CraftedEntry last = manifest_entry.value_or(CraftedEntry{});
    if (last.name.empty()) last.name = kManifestName;
    if (last.content.empty()) {
      last.content = manifest_text.value_or(holdfast::manifest_text(listed));
    }
    append(parts, last);
  }
  const std::uint64_t count = entries.size() + (has_manifest ? 1 : 0);
  const std::uint64_t place = parts.file.size();
  std::string end;
  if (zip64_end) {
    end = little(0x06064b50, 4) + little(44, 8) + little(45, 2) + little(45, 2) + little(0, 8) +
          little(count, 8) + little(count, 8) + little(parts.directory.size(), 8) +
          little(place, 8) + little(0x07064b50, 4) + little(0, 4) +
          little(place + parts.directory.size(), 8) + little(1, 4);
  }
  end += little(0x06054b50, 4) + little(0, 4) + little(zip64_end ? 0xFFFF : count, 2) +
         little(zip64_end ? 0xFFFF : count, 2) + little(parts.directory.size(), 4) +
         little(zip64_end ? 0xFFFFFFFF : place, 4) + little(comment.size(), 2) + comment;
  return parts.file + parts.directory + end + after;
}

CraftedArchive small_archive() {
  CraftedArchive archive;
  archive.manifest.dataset = "clinic";
  archive.manifest.created_at = time_from("2026-11-20T10:43:53Z");
  archive.manifest.version = "0.1.0";
  archive.manifest.host = "RECEPTION";
  archive.manifest.database = "clinic.db";
  archive.manifest.counts = {{"patients", 7}};
  CraftedEntry database{.name = "clinic.db",
                        .content = "SQLite format 3" + std::string(497, 'p'),
                        .kind = ManifestEntry::Kind::Database,
                        .page_size = 512};
  archive.entries.push_back(std::move(database));
  archive.entries.push_back({.name = "settings.json", .content = "{\"theme\": \"calm\"}"});
  archive.entries.push_back({.name = "prescriptions/märz/1.txt", .content = "Take two."});
  return archive;
}

std::string deflated_blocks(const std::string& content, std::vector<std::uint64_t>& offsets) {
  z_stream stream{};
  deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string deflated(content.size() + content.size() / 8 + 4096, '\0');
  stream.next_out = reinterpret_cast<Bytef*>(deflated.data());
  stream.avail_out = static_cast<uInt>(deflated.size());
  std::string input = content;
  std::size_t place = 0;
  do {
    offsets.push_back(stream.total_out);
    const std::size_t bytes = std::min<std::size_t>(kBlockBytes, input.size() - place);
    stream.next_in = reinterpret_cast<Bytef*>(input.data()) + place;
    stream.avail_in = static_cast<uInt>(bytes);
    place += bytes;
    deflate(&stream, place == input.size() ? Z_FINISH : Z_FULL_FLUSH);
  } while (place < input.size());
  deflated.resize(stream.total_out);
  deflateEnd(&stream);
  return deflated;
}

std::string deflated_blocks(const std::string& content) {
  std::vector<std::uint64_t> offsets;
  return deflated_blocks(content, offsets);
}

ManifestEntry manifest_entry(const CraftedEntry& entry) {
  ManifestEntry listed{.kind = entry.kind, .name = entry.name, .page_size = entry.page_size};
  const std::string deflated = deflated_blocks(entry.content, listed.block_offsets);
  listed.size = entry.size.value_or(entry.content.size());
  listed.compressed_size = entry.compressed_size.value_or(entry.deflated.value_or(deflated).size());
  listed.crc32 = entry.crc32.value_or(crc_of(entry.content));
  const XXH128_hash_t hash = XXH3_128bits(entry.content.data(), entry.content.size());
  listed.xxh3 = fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
  return listed;
}

std::unique_ptr<StoredFile> OneFileStorage::open(const std::filesystem::path&) {
  return std::make_unique<BytesFile>(bytes_);
}
std::unique_ptr<StoredFile> OneFileStorage::create(const std::filesystem::path&) {
  only_read();
  return nullptr;
}
void OneFileStorage::rename(const std::filesystem::path&, const std::filesystem::path&) {
  only_read();
}

void OneFileStorage::replace(const std::filesystem::path&, const std::filesystem::path&) {
  only_read();
}
void OneFileStorage::remove(const std::filesystem::path&) {
  only_read();
}
bool OneFileStorage::is_being_written(const std::filesystem::path&) {
  return false;
}
void OneFileStorage::create_folders(const std::filesystem::path&) {
  only_read();
}
void OneFileStorage::flush_folder(const std::filesystem::path&) {
  only_read();
}
std::uint64_t OneFileStorage::free_bytes(const std::filesystem::path&) {
  return 0;
}
std::vector<StoredEntry> OneFileStorage::list(const std::filesystem::path&) {
  return {};
}

}  // namespace holdfast
