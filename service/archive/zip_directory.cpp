#include "service/archive/zip_directory.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include <fmt/format.h>

#include "common/text.h"
#include "service/archive/archive_error.h"
#include "service/archive/archive_limits.h"
#include "service/archive/byte_cursor.h"
#include "service/archive/entry_name.h"

namespace holdfast {
namespace {

constexpr std::uint32_t kLocalSignature = 0x04034b50;
constexpr std::uint32_t kCentralSignature = 0x02014b50;
constexpr std::uint32_t kEndSignature = 0x06054b50;
constexpr std::uint32_t kZip64EndSignature = 0x06064b50;
constexpr std::uint32_t kZip64LocatorSignature = 0x07064b50;
constexpr std::size_t kLocalBytes = 30;
constexpr std::size_t kCentralBytes = 46;
constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kZip64EndBytes = 56;
constexpr std::size_t kZip64LocatorBytes = 20;

constexpr std::uint16_t kZip64Extra = 1;
constexpr std::uint32_t kInZip64 = 0xFFFFFFFF;
constexpr std::uint16_t kCountInZip64 = 0xFFFF;
constexpr std::uint16_t kNewestVersion = 45;
constexpr std::uint16_t kDeflated = 8;
// General purpose flags: encrypted; how hard the deflater tried (two bits); the name is UTF-8.
constexpr std::uint16_t kEncrypted = 1U << 0;
constexpr std::uint16_t kEffort = 3U << 1;
constexpr std::uint16_t kUtf8Name = 1U << 11;

std::vector<std::byte> read(const StoredFile& file, std::string_view archive, std::uint64_t place,
                            std::size_t bytes) {
  std::vector<std::byte> content(bytes);
  if (file.read_at(place, content) != bytes) throw damaged_archive(archive, "it is cut off");
  return content;
}

struct End {
  std::uint64_t count = 0;
  std::uint64_t directory_bytes = 0;
  std::uint64_t directory_place = 0;
  std::uint64_t place = 0;  // where the end records begin
};

// The ZIP64 record and its locator, which stand right before the end record at `place`.
std::optional<End> read_zip64_end(const StoredFile& file, std::string_view archive,
                                  std::uint64_t place) {
  if (place < kZip64EndBytes + kZip64LocatorBytes) return std::nullopt;
  const std::uint64_t begin = place - kZip64EndBytes - kZip64LocatorBytes;
  const auto bytes = read(file, archive, begin, kZip64EndBytes + kZip64LocatorBytes);
  ByteCursor locator(std::span<const std::byte>(bytes).subspan(kZip64EndBytes));
  if (locator.u32() != kZip64LocatorSignature) return std::nullopt;
  const bool located = locator.u32() == 0 && locator.u64() == begin && locator.u32() == 1;
  ByteCursor record(bytes);
  const bool is_record = record.u32() == kZip64EndSignature && record.u64() == kZip64EndBytes - 12;
  record.u32();  // the versions, which promise nothing
  const bool one_disk = record.u32() == 0 && record.u32() == 0;
  End end{.place = begin};
  end.count = record.u64();
  const bool all_here = record.u64() == end.count;
  end.directory_bytes = record.u64();
  end.directory_place = record.u64();
  if (!located || !is_record || !one_disk || !all_here) {
    throw damaged_archive(archive, "its ZIP64 end record contradicts itself");
  }
  return end;
}

End read_end(const StoredFile& file, std::string_view archive) {
  const std::uint64_t size = file.size();
  if (size < kEndBytes) throw invalid_archive(archive, "it is no ZIP file");
  const std::uint64_t place = size - kEndBytes;
  const auto bytes = read(file, archive, place, kEndBytes);
  ByteCursor record(bytes);
  if (record.u32() != kEndSignature) {
    const auto start = read(file, archive, 0, 4);
    if (ByteCursor(start).u32() != kLocalSignature) {
      throw invalid_archive(archive, "it is no ZIP file");
    }
    throw damaged_archive(archive, "it does not end as a ZIP file does; it is cut off or added to");
  }
  const bool one_disk = record.u16() == 0 && record.u16() == 0;
  End end{.place = place};
  end.count = record.u16();
  const bool all_here = record.u16() == end.count;
  end.directory_bytes = record.u32();
  end.directory_place = record.u32();
  const bool no_comment = record.u16() == 0;
  if (!one_disk || !all_here || !no_comment) {
    throw damaged_archive(archive, "its end record contradicts itself");
  }
  const auto zip64 = read_zip64_end(file, archive, place);
  if (!zip64) return end;
  const bool agree =
      (end.count == kCountInZip64 || end.count == zip64->count) &&
      (end.directory_bytes == kInZip64 || end.directory_bytes == zip64->directory_bytes) &&
      (end.directory_place == kInZip64 || end.directory_place == zip64->directory_place);
  if (!agree) throw damaged_archive(archive, "its two end records disagree");
  return *zip64;
}

// Takes from a ZIP64 extra field what does not fit its 32 bits. False when the extra fields are
// anything but exactly that.
bool take_zip64(ByteCursor extra, std::span<std::uint64_t* const> values) {
  std::size_t wanted = 0;
  for (const std::uint64_t* value : values) wanted += *value == kInZip64 ? 8 : 0;
  if (extra.left() == 0) return wanted == 0;
  if (wanted == 0 || extra.left() != 4 + wanted) return false;
  if (extra.u16() != kZip64Extra || extra.u16() != wanted) return false;
  for (std::uint64_t* value : values) {
    if (*value == kInZip64) *value = extra.u64();
  }
  return true;
}

ZipEntry take_entry(ByteCursor& directory, std::string_view archive) {
  const auto broken = [archive] {
    return damaged_archive(archive, "its directory contradicts itself");
  };
  if (!directory.has(kCentralBytes) || directory.u32() != kCentralSignature) throw broken();
  ZipEntry entry;
  entry.made_by = directory.u16();
  entry.version_needed = directory.u16();
  entry.flags = directory.u16();
  entry.method = directory.u16();
  entry.modified = directory.u32();
  entry.crc32 = directory.u32();
  entry.compressed_size = directory.u32();
  entry.size = directory.u32();
  const std::size_t name_bytes = directory.u16();
  const std::size_t extra_bytes = directory.u16();
  const std::size_t comment_bytes = directory.u16();
  const bool plain = comment_bytes == 0 && directory.u16() == 0 && directory.u16() <= 1;
  entry.attributes = directory.u32();
  entry.header_place = directory.u32();
  if (!plain || !directory.has(name_bytes + extra_bytes)) throw broken();
  if (name_bytes > kMaxEntryNameBytes)
    throw invalid_archive(archive, "an entry's name is too long");
  entry.name = directory.text(name_bytes);
  const std::array values{&entry.size, &entry.compressed_size, &entry.header_place};
  if (!take_zip64(ByteCursor(directory.bytes(extra_bytes)), values)) throw broken();
  return entry;
}

// A Windows attribute or a Unix mode that makes the entry something else than a file.
bool is_plain_file(const ZipEntry& entry) {
  constexpr std::uint32_t kSpecial = 0x08 | 0x10 | 0x40 | 0x400;  // label, folder, device, link
  constexpr std::uint32_t kTypeMask = 0170000;
  constexpr std::uint32_t kRegular = 0100000;
  const std::uint32_t type = (entry.attributes >> 16) & kTypeMask;
  return (entry.attributes & kSpecial) == 0 && (type == 0 || type == kRegular);
}

std::optional<std::string_view> entry_fault(const ZipEntry& entry) {
  if (const auto fault = entry_name_fault(entry.name)) return fault;
  const bool is_ascii = std::all_of(entry.name.begin(), entry.name.end(), [](char byte) {
    return static_cast<unsigned char>(byte) < 0x80;
  });
  if ((entry.flags & kEncrypted) != 0) return "is encrypted";
  if ((entry.flags & ~(kEffort | kUtf8Name)) != 0) return "needs what Holdfast does not write";
  if (!is_ascii && (entry.flags & kUtf8Name) == 0) return "has a name that is not marked as UTF-8";
  if (entry.method != kDeflated) return "is not deflated";
  if (entry.version_needed > kNewestVersion) return "needs what Holdfast does not write";
  if (!is_plain_file(entry)) return "is no plain file";
  if (entry.size > most_inflated_bytes(entry.compressed_size)) return "claims an impossible size";
  return std::nullopt;
}

// The sizes in a local header, which minizip keeps in 32 bits where they fit and leaves room for a
// ZIP64 field nevertheless.
bool local_sizes_agree(ByteCursor extra, std::uint64_t compressed_size, std::uint64_t size,
                       const ZipEntry& entry) {
  if (extra.left() == 0) return compressed_size == entry.compressed_size && size == entry.size;
  if (extra.left() != 20 || extra.u16() != kZip64Extra || extra.u16() != 16) return false;
  const std::uint64_t large_size = extra.u64();
  const std::uint64_t large_compressed = extra.u64();
  const bool in_zip64 = compressed_size == kInZip64 && size == kInZip64;
  if (in_zip64) return large_size == entry.size && large_compressed == entry.compressed_size;
  return compressed_size == entry.compressed_size && size == entry.size && large_size == 0 &&
         large_compressed == 0;
}

}  // namespace

ZipDirectory read_zip_directory(const StoredFile& file, std::string_view archive) {
  const End end = read_end(file, archive);
  if (end.directory_place > end.place || end.place - end.directory_place != end.directory_bytes) {
    throw damaged_archive(archive, "its directory does not reach from where it begins to its end");
  }
  if (end.directory_bytes > kMaxDirectoryBytes || end.count > kMaxArchiveEntries) {
    throw invalid_archive(archive, "it has too many entries");
  }
  if (end.count == 0) throw invalid_archive(archive, "it is empty");
  const auto bytes =
      read(file, archive, end.directory_place, static_cast<std::size_t>(end.directory_bytes));
  ByteCursor cursor(bytes);
  ZipDirectory directory{.place = end.directory_place};
  for (std::uint64_t i = 0; i < end.count; ++i) {
    directory.entries.push_back(take_entry(cursor, archive));
    const ZipEntry& entry = directory.entries.back();
    const bool inside = entry.header_place <= directory.place &&
                        entry.compressed_size <= directory.place - entry.header_place;
    if (!inside) throw damaged_archive(archive, "an entry lies outside of the file");
  }
  if (cursor.left() != 0) throw damaged_archive(archive, "its directory has more than its entries");
  return directory;
}

void check_zip_entry(const StoredFile& file, std::string_view archive, ZipEntry& entry) {
  if (const auto fault = entry_fault(entry)) {
    throw invalid_archive(archive, fmt::format("the entry {} {}", one_line(entry.name), *fault));
  }
  const auto bytes = read(file, archive, entry.header_place, kLocalBytes);
  ByteCursor header(bytes);
  bool same = header.u32() == kLocalSignature;
  same = header.u16() <= kNewestVersion && same;
  same = header.u16() == entry.flags && same;
  same = header.u16() == entry.method && same;
  same = header.u32() == entry.modified && same;
  same = header.u32() == entry.crc32 && same;
  const std::uint64_t compressed_size = header.u32();
  const std::uint64_t size = header.u32();
  const std::size_t name_bytes = header.u16();
  const std::size_t extra_bytes = header.u16();
  same = same && name_bytes == entry.name.size();
  if (same) {
    const auto rest =
        read(file, archive, entry.header_place + kLocalBytes, name_bytes + extra_bytes);
    ByteCursor cursor(rest);
    same = cursor.text(name_bytes) == entry.name &&
           local_sizes_agree(cursor, compressed_size, size, entry);
  }
  if (!same) {
    throw damaged_archive(archive, fmt::format("the header of {} does not say what the directory "
                                               "says",
                                               one_line(entry.name)));
  }
  entry.content_place = entry.header_place + kLocalBytes + name_bytes + extra_bytes;
}

void check_zip_layout(const ZipDirectory& directory, std::string_view archive) {
  std::uint64_t place = 0;
  for (const ZipEntry& entry : directory.entries) {
    if (entry.header_place != place) {
      throw damaged_archive(archive, fmt::format("{} does not begin where what is before it ends",
                                                 one_line(entry.name)));
    }
    place = entry.content_place + entry.compressed_size;
  }
  if (place != directory.place)
    throw damaged_archive(archive, "something stands before its directory");
}

}  // namespace holdfast
