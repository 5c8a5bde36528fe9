#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "common/path_text.h"
#include "service/restore/restore_preview.h"
#include "service/restore/restore_source.h"
#include "tests/support/crafted_archive.h"
#include "tests/support/database.h"
#include "tests/support/restored_practice.h"

namespace holdfast {
namespace {

constexpr const char* kManifest = R"({"timestamp": "2026-01-05T14:30:00", "patient_count": 7})";

// A practice that an older system has backed up before everything changed.
struct OlderPractice {
  explicit OlderPractice(const std::string& journal_mode = "WAL") : practice(journal_mode) {
    std::filesystem::create_directories(place);
    practice.request.safety.destination = practice.safety();
  }

  // All that is there now, as a folder or a ZIP file.
  std::filesystem::path folder(const std::string& name = "backup_2026-01-05_14-30-00") const {
    std::filesystem::copy(practice.data(), place / name, std::filesystem::copy_options::recursive);
    write_file(place / name / "backup_manifest.json", kManifest);
    return place / name;
  }

  CraftedArchive zip_content() const {
    CraftedArchive zip;
    zip.has_manifest = false;
    zip.entries.push_back({.name = "manifest.json", .content = kManifest});
    for (const char* name :
         {"clinic.db", "settings.json", "lost.json", "images/a.png", "images/index.db"}) {
      zip.entries.push_back(
          {.name = name, .content = file_content(practice.data() / text_path(name))});
    }
    // As it is stored where it was not worth deflating.
    zip.entries.back().method = 0;
    zip.entries.back().deflated = zip.entries.back().content;
    return zip;
  }
  std::filesystem::path zip(const CraftedArchive& content,
                            const std::string& name = "backup_2026-01-05_14-30-00.zip") const {
    write_file(place / name, content.bytes());
    return place / name;
  }

  std::filesystem::path copy(const std::string& name) const {
    std::filesystem::copy_file(practice.database(), place / name);
    return place / name;
  }

  Error failure(const std::filesystem::path& archive) {
    practice.request.archive = archive;
    try {
      practice.restore(archive);
    } catch (const Error& error) {
      std::error_code none;
      CHECK(std::filesystem::directory_iterator(practice.safety(), none) ==
            std::filesystem::directory_iterator());
      CHECK_FALSE(std::filesystem::exists(practice.data() / ".holdfast-restore-clinic.db"));
      return error;
    }
    FAIL("It was restored.");
    return {ErrorCode::Internal, "", ""};
  }

  RestorePreview preview(const std::filesystem::path& archive) {
    const auto source = open_restore_source(
        practice.storage,
        {.archive = archive, .database = practice.database(), .scratch = scratch});
    return restore_preview(*source, practice.request.target, practice.storage, RowCounts::No);
  }

  RestoredPractice practice;
  std::filesystem::path place = practice.folder.path() / "older";
  std::filesystem::path scratch = practice.folder.path() / "scratch";
};

TEST_CASE("Folders and ZIP files of the older systems are restored, and it can be undone") {
  const bool is_zip = GENERATE(true, false);
  OlderPractice older;
  const std::filesystem::path archive = is_zip ? older.zip(older.zip_content()) : older.folder();
  older.practice.change();
  const auto changed = older.practice.state();

  const RestoreResult restored = older.practice.restore(archive);
  auto expected = older.practice.before;
  // Nobody knows whether the older system would have backed it up.
  expected["images/b.png"] = "b";
  CHECK(older.practice.state() == expected);
  CHECK(restored.manifest.entries.size() == 5);
  older.practice.restore(restored.safety_archive);
  CHECK(older.practice.state() == changed);
}

TEST_CASE("A copy of a database that an older system made is restored, and nothing beside it") {
  const std::string name =
      GENERATE("clinic_20260105_143000.db", "clinic_20260105_143000_RECEPTION.db",
               "rvu_records_20260105_143000.db", "safety_backup_2026-01-05_14-30-00");
  OlderPractice older;
  const bool is_folder = name.starts_with("safety");
  const std::filesystem::path archive = is_folder ? older.place / name : older.copy(name);
  if (is_folder) {
    std::filesystem::create_directory(archive);
    std::filesystem::copy_file(older.practice.database(), archive / "Clinic.DB");
  }
  older.practice.change();
  auto expected = older.practice.state();
  expected["visits"] = older.practice.before.at("visits");
  expected["tables"] = older.practice.before.at("tables");
  older.practice.restore(archive);
  CHECK(older.practice.state() == expected);
}

TEST_CASE("What stands in the WAL of an older backup is restored with its database") {
  OlderPractice older;
  const bool is_copy = GENERATE(true, false);
  std::filesystem::path archive;
  {
    const SqliteConnection application = open_database(older.practice.database());
    execute(application.get(), "INSERT INTO visit(note) VALUES ('in the wal')");
    REQUIRE(std::filesystem::file_size(older.practice.data() / "clinic.db-wal") > 0);
    archive = is_copy ? older.copy("clinic_20260105_143000.db") : older.folder();
    if (is_copy) {
      std::filesystem::copy_file(older.practice.data() / "clinic.db-wal",
                                 older.place / "clinic_20260105_143000.db-wal");
    }
  }
  const auto with_wal = older.practice.state();
  older.practice.change();
  const std::string wal_before = file_content(
      is_copy ? older.place / "clinic_20260105_143000.db-wal" : archive / "clinic.db-wal");
  older.practice.restore(archive);
  CHECK(older.practice.state().at("visits") == with_wal.at("visits"));
  CHECK(older.practice.state().at("visits").ends_with(",in the wal"));
  CHECK((file_content(is_copy ? older.place / "clinic_20260105_143000.db-wal"
                              : archive / "clinic.db-wal") == wal_before));
}

// A folder whose database was copied in the middle of a transaction.
std::filesystem::path half_written(const OlderPractice& older) {
  const SqliteConnection application = open_database(older.practice.database());
  execute(application.get(),
          "PRAGMA cache_size=2; BEGIN; UPDATE visit SET note = 'never committed'");
  const std::filesystem::path journal = older.practice.data() / "clinic.db-journal";
  REQUIRE(std::filesystem::file_size(journal) > 0);
  const std::string bytes = file_content(older.practice.database());
  REQUIRE(bytes.find("never committed") != std::string::npos);
  const std::filesystem::path folder = older.folder();
  execute(application.get(), "ROLLBACK");
  return folder;
}

TEST_CASE("A transaction that an older backup caught in its middle is rolled back") {
  OlderPractice older("DELETE");
  const std::filesystem::path archive = half_written(older);
  older.practice.change();
  older.practice.restore(archive);
  CHECK(older.practice.state().at("visits") == older.practice.before.at("visits"));
}

TEST_CASE("A journal in an older backup that leads to another file is refused") {
  OlderPractice older("DELETE");
  const std::filesystem::path archive = half_written(older);
  const std::filesystem::path victim = older.practice.folder.path() / "victim";
  write_file(victim, "mine");
  const std::string path = path_text(victim);
  unsigned sum = 0;
  for (const char byte : path) sum += static_cast<unsigned char>(byte);
  const auto big = [](unsigned value) {
    std::string text;
    for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(value >> shift & 0xFF);
    return text;
  };
  write_file(archive / "clinic.db-journal", file_content(archive / "clinic.db-journal") + big(1) +
                                                path + big(static_cast<unsigned>(path.size())) +
                                                big(sum) + "\xD9\xD5\x05\xF9\x20\xA1\x63\xD7");
  const Error failure = older.failure(archive);
  CHECK(failure.code() == ErrorCode::ArchiveDamaged);
  CHECK(std::string(failure.what()) ==
        "The archive backup_2026-01-05_14-30-00 is damaged: what stands beside clinic.db in it "
        "cannot be taken in.");
  CHECK(file_content(victim) == "mine");
  CHECK(older.practice.state() == older.practice.before);
}

TEST_CASE("An older backup that is damaged is refused before anything is touched") {
  OlderPractice older;
  const std::filesystem::path zip = older.zip(older.zip_content());
  const std::filesystem::path folder = older.folder();
  const std::filesystem::path copy = older.copy("clinic_20260105_143000.db");
  older.practice.change();
  const auto changed = older.practice.state();

  std::string bytes = file_content(zip);
  const std::size_t middle = bytes.size() / 2;
  bytes[middle] = static_cast<char>(bytes[middle] ^ 1);
  write_file(zip, bytes);
  CHECK(older.failure(zip).code() == ErrorCode::ArchiveDamaged);
  write_file(zip, bytes.substr(0, middle));
  CHECK(older.failure(zip).code() == ErrorCode::ArchiveDamaged);

  bytes = file_content(copy);
  bytes.replace(4096, 4096, std::string(4096, 'x'));
  write_file(copy, bytes);
  CHECK(std::string(older.failure(copy).what())
            .starts_with("The archive is not restored: clinic.db in it is damaged: "));
  write_file(copy, std::string(9000, 'x'));
  CHECK(std::string(older.failure(copy).what()) ==
        "The archive is not restored: clinic.db in it is no database that can be read.");
  write_file(copy, "");
  CHECK(std::string(older.failure(copy).what()) ==
        "The archive clinic_20260105_143000.db is damaged: clinic.db in it is empty.");
  write_file(folder / "images" / "index.db", bytes);
  CHECK(older.failure(folder).code() == ErrorCode::ArchiveDamaged);
  CHECK(older.practice.state() == changed);
}

TEST_CASE("What is encrypted is refused, with what to do") {
  OlderPractice older;
  CraftedArchive content = older.zip_content();
  const std::filesystem::path by_name =
      older.zip(content, "backup_2026-01-05_14-30-00.encrypted.zip");
  content.entries[1].flags |= 1;
  content.entries[1].local_flags |= 1;
  const std::filesystem::path inside = older.zip(content, "backup_2026-01-06_14-30-00.zip");
  const Error failure = older.failure(by_name);
  CHECK(failure.code() == ErrorCode::ArchiveInvalid);
  CHECK(failure.line() ==
        "The archive backup_2026-01-05_14-30-00.encrypted.zip is encrypted, and only the "
        "application that made it can open it. Restore it with that application, or choose "
        "another archive.");
  CHECK(std::string(older.failure(inside).what()) ==
        "The archive backup_2026-01-06_14-30-00.zip is refused: clinic.db in it is encrypted.");
}

TEST_CASE("Names in an older ZIP file lead nowhere else, and none comes twice") {
  const std::string name = GENERATE("../evil.txt", "/evil.txt", "C:/evil.txt", "a/../../evil.txt",
                                    "..\\evil.txt", "NUL", "SETTINGS.json");
  CAPTURE(name);
  OlderPractice older;
  CraftedArchive content = older.zip_content();
  content.entries.push_back({.name = name, .content = "evil"});
  CHECK(older.failure(older.zip(content)).code() == ErrorCode::ArchiveInvalid);
  CHECK(older.practice.state() == older.practice.before);
  CHECK_FALSE(std::filesystem::exists(older.practice.folder.path() / "evil.txt"));
}

TEST_CASE("A ZIP file with more in it than it tells is refused") {
  OlderPractice older;
  CraftedArchive content = older.zip_content();
  content.entries[2].size = 3;
  CHECK(older.failure(older.zip(content)).code() == ErrorCode::ArchiveDamaged);
}

TEST_CASE("What is no backup of an older system is not taken for one") {
  OlderPractice older;
  std::filesystem::copy(older.practice.data(), older.place / "clinic",
                        std::filesystem::copy_options::recursive);
  CHECK(std::string(older.failure(older.place / "clinic").what()) ==
        "The archive clinic is refused: it is a folder, and has not the name of an older system's "
        "backup.");
  const std::filesystem::path folder = older.folder();
  std::filesystem::rename(folder / "clinic.db", folder / "notes.txt");
  CHECK(std::string(older.failure(folder).what()) ==
        "The archive backup_2026-01-05_14-30-00 is refused: it holds no database clinic.db.");
  CHECK(older.failure(older.place / "clinic_20260105_143000.db").code() == ErrorCode::NotFound);
}

TEST_CASE("An older backup of another application is restored only when that is meant") {
  OlderPractice older;
  const std::filesystem::path archive = older.copy("clinic_20260105_143000.db");
  execute(open_database(older.practice.database()).get(), "PRAGMA application_id=99");
  CHECK(older.failure(archive).code() == ErrorCode::ArchiveForeign);
  older.practice.request.foreign = ForeignArchive::Accepted;
  older.practice.restore(archive);
  CHECK(older.practice.state() == older.practice.before);
}

TEST_CASE("A preview of an older backup counts what is in it, and leaves nothing") {
  const int form = GENERATE(0, 1, 2);
  OlderPractice older;
  const std::filesystem::path archive = form == 0   ? older.zip(older.zip_content())
                                        : form == 1 ? older.folder()
                                                    : older.copy("clinic_20260105_143000.db");
  older.practice.change();
  const RestorePreview preview = older.preview(archive);
  CHECK(preview.counts == std::vector<CountDifference>{{"visits", 300, 200}});
  CHECK(preview.tables.size() == 1);
  const auto kind_of = [&](const std::string& name) {
    for (const FileDifference& file : preview.files) {
      if (file.name == name) return std::optional(file.kind);
    }
    return std::optional<FileDifference::Kind>();
  };
  using Kind = FileDifference::Kind;
  if (form < 2) {
    CHECK(kind_of("lost.json") == Kind::ComesBack);
    CHECK(kind_of("settings.json") == Kind::Changes);
    CHECK_FALSE(kind_of("images/a.png"));
  }
  CHECK_FALSE(kind_of("images/b.png"));
  CHECK(std::filesystem::is_empty(older.scratch));
}

TEST_CASE("A restore of an older backup that is cancelled or has no room has changed nothing") {
  OlderPractice older;
  const std::filesystem::path archive =
      GENERATE(true, false) ? older.zip(older.zip_content()) : older.folder();
  older.practice.change();
  const auto changed = older.practice.state();
  older.practice.storage.most_free_bytes = 4096;
  CHECK(older.failure(archive).code() == ErrorCode::DiskFull);
  older.practice.storage.most_free_bytes = std::numeric_limits<std::uint64_t>::max();
  std::stop_source stop;
  try {
    run_restore(
        older.practice.request, older.practice.storage, older.practice.clock,
        [&](const RestoreProgress& progress) {
          if (progress.done_bytes > 0) stop.request_stop();
        },
        stop.get_token());
    FAIL("It was restored.");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::Cancelled);
  }
  CHECK(older.practice.state() == changed);
  CHECK_FALSE(std::filesystem::exists(older.practice.data() / ".holdfast-restore-clinic.db"));
}

TEST_CASE("Sizes in an older ZIP file that wrap when they are added are refused") {
  OlderPractice older;
  CraftedArchive content = older.zip_content();
  for (const char* name : {"one.bin", "other.bin"}) {
    CraftedEntry entry{.name = name, .content = "x"};
    entry.size = 0xFFFFFFFF;
    // The size proper, which is half of what would make the sum nothing.
    entry.extra = std::string("\x01\0\x08\0\0\0\0\0\0\0\0\x80", 12);
    content.entries.push_back(std::move(entry));
  }
  const Error failure = older.failure(older.zip(content));
  CHECK(std::string(failure.what()) ==
        "The archive backup_2026-01-05_14-30-00.zip is refused: its files are larger than any "
        "disk.");
}

}  // namespace
}  // namespace holdfast
