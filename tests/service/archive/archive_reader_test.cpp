#include "service/archive/archive_reader.h"

#include <functional>
#include <span>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "common/error.h"
#include "tests/support/crafted_archive.h"

namespace holdfast {
namespace {

std::string text_of(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

ErrorCode refusal_of(const std::string& bytes) {
  OneFileStorage storage(bytes);
  try {
    const ArchiveReader archive(storage, "clinic.zip");
    for (std::size_t i = 0; i < archive.entries().size(); ++i) {
      for (std::size_t block = 0; block < archive.entries()[i].block_offsets.size(); ++block) {
        archive.content(i).read_block(block);
      }
    }
  } catch (const Error& error) {
    CAPTURE(error.what());
    CHECK(std::string(error.what()).find("clinic.zip") != std::string::npos);
    CHECK_FALSE(error.action().empty());
    return error.code();
  }
  FAIL("the archive was taken");
  return ErrorCode::Internal;
}

TEST_CASE("An archive made by other means is read: manifest, entries, every block") {
  CraftedArchive crafted = small_archive();
  std::string large;
  for (int i = 0; large.size() < 3 * kBlockBytes + 1000; ++i)
    large += std::to_string(i) + " visit ";
  crafted.entries.push_back({.name = "large.txt", .content = large});
  crafted.entries.push_back({.name = "empty.txt"});
  crafted.zip64_end = GENERATE(false, true);
  OneFileStorage storage(crafted.bytes());
  const ArchiveReader archive(storage, "clinic.zip");
  CHECK(archive.name() == "clinic.zip");
  CHECK(archive.manifest().dataset == "clinic");
  REQUIRE(archive.entries().size() == crafted.entries.size());
  for (std::size_t i = 0; i < crafted.entries.size(); ++i) {
    std::string content;
    for (std::size_t block = 0; block < archive.entries()[i].block_offsets.size(); ++block) {
      content += text_of(archive.content(i).read_block(block));
    }
    CHECK(content == crafted.entries[i].content);
  }
  CHECK(text_of(archive.content(3).read_block(2)) == large.substr(2 * kBlockBytes, kBlockBytes));
  CHECK(archive.find("settings.json") == 1);
  CHECK_FALSE(archive.find("Settings.json"));
}

struct Row {
  const char* what;
  std::function<void(CraftedArchive&)> spoil;
  ErrorCode code = ErrorCode::ArchiveInvalid;
};

void check_refusals(std::span<const Row> rows) {
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CraftedArchive archive = small_archive();
    row.spoil(archive);
    CHECK(name(refusal_of(archive.bytes())) == name(row.code));
  }
}

// Gives the second entry another name, in the manifest as well.
std::function<void(CraftedArchive&)> named(std::string name) {
  return [name = std::move(name)](CraftedArchive& archive) { archive.entries[1].name = name; };
}

TEST_CASE("An archive with a name that is dangerous somewhere is refused") {
  const Row rows[] = {
      {"absolute", named("/etc/passwd")},
      {"drive", named("C:/Windows/x")},
      {"parent", named("../x")},
      {"hidden parent", named("a/../../x")},
      {"backslash", named("a\\b")},
      {"stream", named("a.txt:hidden")},
      {"device", named("NUL")},
      {"device with extension", named("a/com1.txt")},
      {"trailing dot", named("a.")},
      {"trailing space", named("a ")},
      {"control character", named("a\x01"
                                  "b")},
      {"zero", named(std::string("a\0b", 3))},
      {"not UTF-8", named("\xFF")},
      {"folder", named("folder/")},
      {"twice", named("clinic.db")},
      {"twice on Windows", named("CLINIC.db")},
      {"a second manifest", named("backup_manifest.json")},
      {"file and folder", named("prescriptions")},
      {"too long", named(std::string(5000, 'x'))},
      {"not marked as UTF-8",
       [](CraftedArchive& archive) {
         archive.entries[2].flags = archive.entries[2].local_flags = 0;
       }},
      {"another name in the local header",
       [](CraftedArchive& archive) { archive.entries[1].local_name = "settings.jsoN"; },
       ErrorCode::ArchiveDamaged},
      {"a longer name in the local header",
       [](CraftedArchive& archive) { archive.entries[1].local_name = "../settings.json"; },
       ErrorCode::ArchiveDamaged},
  };
  check_refusals(rows);
}

TEST_CASE("An archive with an entry that is no plain deflated file is refused") {
  const auto attributes = [](std::uint32_t value) {
    return [value](CraftedArchive& archive) { archive.entries[1].attributes = value; };
  };
  const auto flag = [](std::uint16_t value) {
    return [value](CraftedArchive& archive) {
      archive.entries[1].flags = archive.entries[1].local_flags = value;
    };
  };
  const auto method = [](std::uint16_t value) {
    return [value](CraftedArchive& archive) { archive.entries[1].method = value; };
  };
  const Row rows[] = {
      {"symbolic link", attributes(0120777U << 16)},
      {"device node", attributes(0060777U << 16)},
      {"Unix folder", attributes(0040755U << 16)},
      {"folder", attributes(0x10)},
      {"reparse point", attributes(0x400)},
      {"encrypted", flag(1)},
      {"strongly encrypted", flag(1 | 1 << 6)},
      {"sizes after the content", flag(1 << 3)},
      {"masked header", flag(1 << 13)},
      {"stored", method(0)},
      {"bzip2", method(12)},
      {"zstd", method(93)},
      {"newer version", [](CraftedArchive& archive) { archive.entries[1].version_needed = 63; }},
      {"foreign extra field",
       [](CraftedArchive& archive) { archive.entries[1].extra = std::string("up\0\0", 4); },
       ErrorCode::ArchiveDamaged},
      {"foreign local extra field",
       [](CraftedArchive& archive) { archive.entries[1].local_extra = std::string("up\0\0", 4); },
       ErrorCode::ArchiveDamaged},
      {"comment", [](CraftedArchive& archive) { archive.entries[1].comment = "hello"; },
       ErrorCode::ArchiveDamaged},
  };
  check_refusals(rows);
}

TEST_CASE("An archive that lies about its sizes or its layout is refused") {
  const auto damaged = ErrorCode::ArchiveDamaged;
  const Row rows[] = {
      {"bomb", [](CraftedArchive& archive) { archive.entries[1].size = 1'000'000; }},
      {"larger than said", [](CraftedArchive& archive) { archive.entries[1].size = 5; }, damaged},
      {"smaller than said", [](CraftedArchive& archive) { archive.entries[1].size = 100; },
       damaged},
      {"compressed past the end",
       [](CraftedArchive& archive) { archive.entries[1].compressed_size = 1'000'000; }, damaged},
      {"compressed short", [](CraftedArchive& archive) { archive.entries[1].compressed_size = 3; },
       damaged},
      {"overlapping",
       [](CraftedArchive& archive) {
         archive.entries[1].compressed_size =
             deflated_blocks(archive.entries[1].content).size() + 30;
       },
       damaged},
      {"header out of the file",
       [](CraftedArchive& archive) { archive.entries[1].header_place = 0xFFFFFF00; }, damaged},
      {"header somewhere else",
       [](CraftedArchive& archive) { archive.entries[1].header_place = 7; }, damaged},
      {"ZIP64 where none is",
       [](CraftedArchive& archive) { archive.entries[1].header_place = 0xFFFFFFFF; }, damaged},
      {"a gap", [](CraftedArchive& archive) { archive.entries[1].after = "x"; }, damaged},
      {"data before", [](CraftedArchive& archive) { archive.before = "MZ"; }, damaged},
      {"data after", [](CraftedArchive& archive) { archive.after = "x"; }, damaged},
      {"comment", [](CraftedArchive& archive) { archive.comment = "hello"; }, damaged},
      {"another crc in the local header",
       [](CraftedArchive& archive) { archive.entries[1].local_crc32 = 7; }, damaged},
      {"another flag in the local header",
       [](CraftedArchive& archive) { archive.entries[1].local_flags = 0; }, damaged},
      {"more in the stream",
       [](CraftedArchive& archive) {
         archive.entries[1].deflated = deflated_blocks(archive.entries[1].content) + "x";
       },
       damaged},
      {"no deflate stream",
       [](CraftedArchive& archive) { archive.entries[1].deflated = "\xFF\xFF\xFF"; }, damaged},
  };
  check_refusals(rows);
}

TEST_CASE("An archive without a manifest that fits it is refused") {
  const auto listed = [](std::function<void(Manifest&)> change) {
    return [change = std::move(change)](CraftedArchive& archive) {
      Manifest manifest = archive.manifest;
      for (const CraftedEntry& entry : archive.entries) {
        manifest.entries.push_back(manifest_entry(entry));
      }
      change(manifest);
      archive.manifest_text = manifest_text(manifest);
    };
  };
  const Row rows[] = {
      {"none", [](CraftedArchive& archive) { archive.has_manifest = false; }},
      {"empty archive",
       [](CraftedArchive& archive) {
         archive.has_manifest = false;
         archive.entries.clear();
       }},
      {"not last",
       [](CraftedArchive& archive) {
         archive.has_manifest = false;
         archive.entries.insert(archive.entries.begin(),
                                {.name = "backup_manifest.json", .content = "{}"});
       }},
      {"no JSON", [](CraftedArchive& archive) { archive.manifest_text = "hello"; }},
      {"newer", [](CraftedArchive& archive) { archive.manifest_text = "{\"format\": 2}"; },
       ErrorCode::ArchiveTooNew},
      {"newer, with entries of a new kind",
       [](CraftedArchive& archive) {
         archive.manifest_text = "{\"format\": 3}";
         archive.entries[0].method = 93;
       },
       ErrorCode::ArchiveTooNew},
      {"an entry that is not listed", listed([](Manifest& m) { m.entries.pop_back(); })},
      {"an entry that is not there", listed([](Manifest& m) {
         m.entries.push_back(m.entries.back());
         m.entries.back().name = "more.txt";
       })},
      {"another order", listed([](Manifest& m) { std::swap(m.entries[1], m.entries[2]); })},
      {"another name", listed([](Manifest& m) { m.entries[1].name = "other.json"; })},
      {"another size", listed([](Manifest& m) { m.entries[1].size += 1; })},
      {"another crc", listed([](Manifest& m) { m.entries[1].crc32 ^= 1; })},
      {"another compressed size", listed([](Manifest& m) { m.entries[1].compressed_size -= 1; })},
      {"too large",
       [](CraftedArchive& archive) {
         archive.manifest_entry =
             CraftedEntry{.deflated = std::string(100'000, 'x'), .size = 65 * 1024 * 1024};
       }},
      {"bomb",
       [](CraftedArchive& archive) { archive.manifest_entry = CraftedEntry{.size = 9'000'000}; }},
      {"another crc in the headers",
       [](CraftedArchive& archive) { archive.manifest_entry = CraftedEntry{.crc32 = 7}; },
       ErrorCode::ArchiveDamaged},
      {"a size in the headers that is too small",
       [](CraftedArchive& archive) { archive.manifest_entry = CraftedEntry{.size = 9}; },
       ErrorCode::ArchiveDamaged},
  };
  check_refusals(rows);
}

TEST_CASE("What is no ZIP file, or only the beginning of one, is refused") {
  CHECK(refusal_of("") == ErrorCode::ArchiveInvalid);
  CHECK(refusal_of("PK") == ErrorCode::ArchiveInvalid);
  CHECK(refusal_of(std::string(1000, 'x')) == ErrorCode::ArchiveInvalid);
  const std::string bytes = small_archive().bytes();
  for (std::size_t length = 22; length < bytes.size(); ++length) {
    CAPTURE(length);
    CHECK(refusal_of(bytes.substr(0, length)) == ErrorCode::ArchiveDamaged);
  }
}

TEST_CASE("A block that ends like one at another place is refused") {
  CraftedArchive archive = small_archive();
  archive.entries[0].content = std::string(2 * kBlockBytes, 'p');
  std::vector<std::uint64_t> offsets;
  std::string deflated = deflated_blocks(archive.entries[0].content, offsets);
  // Every block by itself could be inflated; the two would not be one stream.
  const std::string last = deflated_blocks(std::string(kBlockBytes, 'p'));
  archive.entries[0].deflated = deflated.substr(0, offsets[1]) + deflated.substr(0, offsets[1]);
  CHECK(refusal_of(archive.bytes()) == ErrorCode::ArchiveDamaged);
  Manifest manifest = archive.manifest;
  archive.entries[0].deflated = last + last;
  for (const CraftedEntry& entry : archive.entries)
    manifest.entries.push_back(manifest_entry(entry));
  manifest.entries[0].block_offsets = {0, last.size()};
  archive.manifest_text = manifest_text(manifest);
  CHECK(refusal_of(archive.bytes()) == ErrorCode::ArchiveDamaged);
}

}  // namespace
}  // namespace holdfast
