#include "service/restore/archived_image.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "common/error.h"
#include "service/archive/archive_reader.h"
#include "service/archive/extract_archive.h"
#include "service/backup/database_snapshot.h"
#include "service/restore/live_transaction.h"
#include "service/restore/page_difference.h"
#include "tests/support/crafted_archive.h"
#include "tests/support/database.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

// A database of some blocks in an archive, beside a live one that came from it.
struct Staged {
  explicit Staged(std::uint32_t size = 4096) : page_size(size) {
    make_database(live,
                  "PRAGMA page_size=" + std::to_string(page_size) +
                      "; PRAGMA journal_mode=WAL; CREATE TABLE visit (id INTEGER PRIMARY KEY, note "
                      "TEXT); CREATE INDEX visit_note ON visit (note);"
                      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
                      "7000) INSERT INTO visit SELECT i, hex(randomblob(100)) FROM n;");
    content = file_content(live);
    archive_again();
  }

  // What the archive holds is `content`.
  void archive_again() {
    CraftedArchive crafted = small_archive();
    crafted.entries[0].content = content;
    crafted.entries[0].page_size = page_size;
    write_file(folder.path() / "clinic.zip", crafted.bytes());
    archive.emplace(storage, folder.path() / "clinic.zip");
  }

  void stage() {
    const ManifestEntry& entry = archive->entries().at(0);
    image = std::make_unique<ArchivedImage>(archive->content(0), live, storage, kept);
    extract_archive(*archive, storage, folder.path() / "new", {}, {},
                    {.name = entry.name,
                     .take = [this](std::span<const std::byte> block) { image->take(block); }});
  }

  std::string read(std::uint64_t place, std::size_t bytes) const {
    std::string found(bytes, '?');
    found.resize(image->reader()->read_at(place, std::as_writable_bytes(std::span(found))));
    return found;
  }

  std::string damage() const {
    return image->database([] { return false; }, Error(ErrorCode::Cancelled, "", ""))->damage();
  }

  const std::uint32_t page_size;
  TemporaryFolder folder;
  DiskStorage storage;
  std::filesystem::path live = folder.path() / "live.db";
  std::filesystem::path kept = folder.path() / "kept";
  std::string content;
  std::optional<ArchiveReader> archive;
  std::unique_ptr<ArchivedImage> image;
};

TEST_CASE("What is staged of an archive is read as it was backed up, whatever the live file is") {
  Staged staged(GENERATE(512U, 4096U, 65536U));
  REQUIRE(staged.content.size() > 2 * std::size_t{kBlockBytes});
  std::string there = staged.content;
  SECTION("the same") {}
  SECTION("otherwise here and there") {
    for (std::size_t at = 5000; at < there.size(); at += 50'000) there[at] = 'x';
  }
  SECTION("shorter") {
    there.resize(there.size() / 2 + 77);
  }
  SECTION("longer") {
    there.append(3 * std::size_t{kBlockBytes}, 'y');
  }
  SECTION("no database") {
    there = "no database";
  }
  SECTION("empty") {
    there.clear();
  }
  write_file(staged.live, there);
  SECTION("gone") {
    std::filesystem::remove(staged.live);
  }
  staged.stage();
  CHECK(staged.image->size() == staged.content.size());
  CHECK((staged.read(0, staged.content.size() + 10) == staged.content));
  CHECK(staged.read(staged.content.size(), 10).empty());
  CHECK(staged.damage().empty());

  // And it stays so, whoever changes the live file.
  if (std::filesystem::exists(staged.live)) {
    for (std::size_t at = 0; at < there.size(); at += 7'000) there[at] = 'z';
    write_file(staged.live, there);
  }
  CHECK((staged.read(0, staged.content.size()) == staged.content));
  CHECK(staged.damage().empty());
  std::minstd_rand random(1);
  const auto reader = staged.image->reader();
  for (int i = 0; i < 500; ++i) {
    const std::size_t place = random() % staged.content.size();
    std::string found(random() % 9000, '?');
    found.resize(reader->read_at(place, std::as_writable_bytes(std::span(found))));
    REQUIRE((found == staged.content.substr(place, found.size())));
  }
}

TEST_CASE("Only what the live file has otherwise is written when an archive is staged") {
  Staged staged;
  SECTION("nothing") {
    staged.stage();
    CHECK(std::filesystem::file_size(staged.kept) == 0);
  }
  SECTION("three pages") {
    std::string there = staged.content;
    for (const std::size_t page : {3U, 4U, 400U}) there[page * 4096 + 9] ^= 1;
    write_file(staged.live, there);
    staged.stage();
    CHECK(std::filesystem::file_size(staged.kept) == 3 * 4096);
  }
  SECTION("all of it") {
    std::filesystem::remove(staged.live);
    staged.stage();
    CHECK(std::filesystem::file_size(staged.kept) == staged.content.size());
  }
}

TEST_CASE("An archive that is changed after it was staged is not read as what was staged") {
  Staged staged;
  staged.stage();
  const std::filesystem::path archive = staged.folder.path() / "clinic.zip";
  std::string bytes = file_content(archive);
  for (std::size_t at = bytes.size() / 4; at < bytes.size() / 2; ++at) {
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
  }
  write_file(archive, bytes);
  // As long as the live file has it, nobody needs the archive.
  CHECK((staged.read(0, staged.content.size()) == staged.content));
  write_file(staged.live, "gone");
  try {
    staged.read(0, staged.content.size());
    FAIL("It was read.");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::ArchiveDamaged);
  }
}

TEST_CASE("A staged database that was damaged when it was archived is told to be") {
  Staged staged;
  std::fill_n(staged.content.begin() + 100 * 4096, 4096, 'x');
  staged.archive_again();
  const bool has_live = GENERATE(true, false);
  if (!has_live) std::filesystem::remove(staged.live);
  staged.stage();
  CHECK(staged.damage().starts_with("is damaged: "));
}

TEST_CASE("What is known to differ is written without reading the rest under the lock") {
  const std::uint32_t page_size = GENERATE(512U, 4096U, 65536U);
  const std::string change =
      GENERATE("DELETE FROM visit WHERE id % 100 = 0", "DELETE FROM visit WHERE id > 100; VACUUM",
               "CREATE TABLE more AS SELECT * FROM visit; DROP INDEX visit_note",
               "PRAGMA user_version = 5", "PRAGMA user_version = 0");
  CAPTURE(page_size, change);
  Staged staged(page_size);
  const SqliteConnection application = open_database(staged.live);
  execute(application.get(), change);
  staged.stage();
  LiveTransaction transaction(staged.live);
  transaction.watch();
  PageDifference difference(*staged.image);
  DatabaseSnapshot(staged.live).read_pages([&, number = 0U](Page page) mutable {
    difference.take(++number, page);
  });
  transaction.lock(*staged.image, &difference);
  CHECK(transaction.is_unchanged());
  CHECK(transaction.write().empty() == (change == "PRAGMA user_version = 0"));
  transaction.commit();
  CHECK(transaction.outcome(*staged.image) == LiveTransaction::Outcome::AsStaged);
  CHECK(ask(application.get(), "PRAGMA integrity_check") == "ok");
  CHECK(ask(application.get(), "SELECT count(*) FROM visit") == "7000");
  CHECK(ask(application.get(), "PRAGMA user_version") == "0");
}

}  // namespace
}  // namespace holdfast
