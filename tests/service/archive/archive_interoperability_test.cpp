#include <algorithm>
#include <cstdlib>
#include <span>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

#include "common/path_text.h"
#include "service/archive/archive_reader.h"
#include "service/archive/archive_writer.h"
#include "service/archive/older_zip.h"
#include "service/archive/verify_archive.h"
#include "tests/support/crafted_archive.h"
#include "tests/support/database.h"
#include "tests/support/temporary_folder.h"

// That archives are ordinary ZIP files is told by programs that know nothing of Holdfast.
namespace holdfast {
namespace {

bool runs(const std::string& command) {
  return std::system((command + " > /dev/null 2>&1").c_str()) == 0;
}

// An archive by the product's own writer, with blocks in plenty.
void write_archive(const std::filesystem::path& path) {
  DiskStorage disk;
  const auto file = disk.create(path);
  ArchiveWriter writer(*file, time_from("2026-11-20T10:43:53Z"));
  CraftedArchive crafted = small_archive();
  std::string large;
  for (unsigned i = 0; large.size() < 5 * kBlockBytes; ++i) large += std::to_string(i * 7919) + " ";
  crafted.entries.push_back({.name = "large.txt", .content = large});
  crafted.entries.push_back({.name = "empty.txt"});
  for (const CraftedEntry& entry : crafted.entries) {
    writer.add({.name = entry.name,
                .kind = entry.kind,
                .expected_size = entry.content.size(),
                .page_size = entry.page_size},
               [&entry](const ArchiveWriter::Sink& sink) {
                 sink(std::as_bytes(std::span(entry.content)));
               });
  }
  writer.finish(crafted.manifest);
  file->flush();
}

TEST_CASE("What the writer writes, the reader takes and verifies") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "clinic.zip";
  write_archive(path);
  DiskStorage disk;
  const ArchiveReader archive(disk, path);
  const VerifyReport report = verify_archive(archive);
  CHECK(report.is_good());
  CHECK(report.entries == 5);
  CHECK(archive.manifest().counts.at("patients") == 7);
}

TEST_CASE("Python and unzip read what the writer writes") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "clinic.zip";
  write_archive(path);
  const bool has_python = runs("python3 --version");
  const bool has_unzip = runs("unzip -v");
  if (!has_python && !has_unzip) SKIP("there is neither python3 nor unzip here");
  const std::string quoted = fmt::format("\"{}\"", path_text(path));
  if (has_python) CHECK(runs("python3 -m zipfile -t " + quoted));
  if (has_unzip) CHECK(runs("unzip -tq " + quoted));
  // A block in the middle: a test that cannot fail would tell nothing.
  std::string bytes = file_content(path);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  write_file(path, bytes);
  if (has_unzip) CHECK_FALSE(runs("unzip -tq " + quoted));
}

TEST_CASE("Python and unzip read the archives that tests craft") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "clinic.zip";
  CraftedArchive crafted = small_archive();
  crafted.zip64_end = true;
  write_file(path, crafted.bytes());
  if (!runs("unzip -v")) SKIP("there is no unzip here");
  CHECK(runs(fmt::format("unzip -tq \"{}\"", path_text(path))));
}

TEST_CASE("What zip and 7-Zip make is read as a ZIP file of an older system") {
  const TemporaryFolder folder;
  const std::string content(100'000, 'p');
  write_file(folder.path() / "clinic.db", content);
  write_file(folder.path() / "small.txt", "x");
  std::filesystem::create_directories(folder.path() / "chroma");
  write_file(folder.path() / "chroma" / "index.bin", "y");
  const std::string made = GENERATE("zip -r made.zip clinic.db small.txt chroma",
                                    "7z a -tzip made.zip clinic.db small.txt chroma");
  const std::string program = made.substr(0, made.find(' '));
  if (!runs("command -v " + program)) SKIP("There is no " + program + " here.");
  REQUIRE(runs("cd '" + path_text(folder.path()) + "' && " + made));
  DiskStorage disk;
  const OlderZip zip(disk, folder.path() / "made.zip");
  REQUIRE(zip.entries().size() == 3);
  const auto database = std::ranges::find(zip.entries(), "clinic.db", &OlderZip::Entry::name);
  REQUIRE(database != zip.entries().end());
  std::string read;
  zip.read(static_cast<std::size_t>(database - zip.entries().begin()),
           [&read](std::span<const std::byte> piece) {
             read.append(reinterpret_cast<const char*>(piece.data()), piece.size());
           });
  CHECK(read == content);
}

}  // namespace
}  // namespace holdfast
