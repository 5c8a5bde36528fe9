#include "service/archive/export_archive.h"

#include <map>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "common/error.h"
#include "common/path_text.h"
#include "tests/support/crafted_archive.h"
#include "tests/support/database.h"
#include "tests/support/faulty_storage.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

constexpr const char* kName = "clinic_20261120T104353Z_RECEPTION.zip";

// An archive, and a drive that it is exported to.
struct ExportedPractice {
  ExportedPractice() {
    std::filesystem::create_directories(drive);
    CraftedArchive crafted = small_archive();
    for (int i = 0; i < 200'000; ++i) crafted.entries[1].content += std::to_string(i * 7919);
    bytes = crafted.bytes();
    write_file(archive, bytes);
  }

  ExportedArchive run(const OnExportProgress& progress = {}, const std::stop_token& stop = {}) {
    return export_archive(archive, target, storage, progress, stop);
  }

  Error failure() {
    try {
      run();
    } catch (const Error& error) {
      return error;
    }
    FAIL("It was exported.");
    return {ErrorCode::Internal, "", ""};
  }

  bool is_drive_empty() const { return std::filesystem::is_empty(drive); }

  TemporaryFolder folder;
  std::filesystem::path archive = folder.path() / kName;
  std::filesystem::path drive = folder.path() / "drive";
  std::filesystem::path target = drive / "Backups" / "Clinic";
  FaultyStorage storage;
  std::string bytes;
};

TEST_CASE("An exported archive is the original, byte by byte") {
  ExportedPractice practice;
  std::map<ExportPhase, std::uint64_t> done;
  const ExportedArchive exported =
      practice.run([&](ExportPhase phase, std::uint64_t now, std::uint64_t total) {
        CHECK(now <= total);
        done[phase] = now;
      });
  CHECK(exported.copy == practice.target / kName);
  CHECK(exported.bytes == practice.bytes.size());
  CHECK((file_content(exported.copy) == practice.bytes));
  CHECK(folder_content(practice.target).size() == 1);
  CHECK(done[ExportPhase::Copying] == practice.bytes.size());
  CHECK(done[ExportPhase::ReadingBack] == practice.bytes.size());
  CHECK(done[ExportPhase::Checking] > practice.bytes.size());
}

TEST_CASE("An export never replaces what is there") {
  ExportedPractice practice;
  SECTION("a file") {
    std::filesystem::create_directories(practice.target);
    write_file(practice.target / kName, "another");
    CHECK(practice.failure().code() == ErrorCode::AlreadyExists);
    CHECK(file_content(practice.target / kName) == "another");
  }
  SECTION("a file that comes while it is copied") {
    practice.storage.before = [&](const std::string& step) {
      if (step == "rename") write_file(practice.target / kName, "another");
    };
    CHECK(practice.failure().code() == ErrorCode::AlreadyExists);
    CHECK(folder_content(practice.target) ==
          std::map<std::string, std::string>{{kName, "another"}});
  }
  SECTION("the archive itself") {
    practice.target = practice.folder.path();
    const Error failure = practice.failure();
    CHECK(failure.code() == ErrorCode::AlreadyExists);
    CHECK(std::string(failure.what()) == std::string("Cannot export ") + kName + " to " +
                                             path_text(practice.target) +
                                             ": there is something of that name.");
    CHECK((file_content(practice.archive) == practice.bytes));
  }
}

TEST_CASE("A copy that is not what was written when it is read back is no export") {
  ExportedPractice practice;
  practice.storage.before_open = [&](const std::filesystem::path& file) {
    if (file.parent_path() != practice.target) return;
    std::string content = file_content(file);
    content[content.size() / 2] = static_cast<char>(content[content.size() / 2] ^ 1);
    write_file(file, content);
  };
  const Error failure = practice.failure();
  CHECK(failure.code() == ErrorCode::SystemCallFailed);
  CHECK(std::string(failure.what())
            .ends_with("the copy was not what was written when it was read back."));
  CHECK(practice.is_drive_empty());
}

TEST_CASE("What is damaged, or no archive, is not exported") {
  ExportedPractice practice;
  SECTION("a bit is another") {
    practice.bytes[practice.bytes.size() / 2] =
        static_cast<char>(practice.bytes[practice.bytes.size() / 2] ^ 1);
    write_file(practice.archive, practice.bytes);
    const Error failure = practice.failure();
    CHECK(failure.code() == ErrorCode::ArchiveDamaged);
    CHECK(std::string(failure.what()).find(std::string("Cannot export ") + kName + " to ") == 0);
  }
  SECTION("it is something else") {
    write_file(practice.archive, "notes");
    bool has_written = false;
    practice.storage.before = [&](const std::string&) { has_written = true; };
    CHECK(practice.failure().code() == ErrorCode::ArchiveInvalid);
    CHECK_FALSE(has_written);
  }
  SECTION("it is gone") {
    std::filesystem::remove(practice.archive);
    CHECK(practice.failure().code() == ErrorCode::NotFound);
  }
  CHECK(practice.is_drive_empty());
}

TEST_CASE("An export does not begin where there is no room for it") {
  ExportedPractice practice;
  practice.storage.most_free_bytes = practice.bytes.size() - 1;
  bool has_written = false;
  practice.storage.before = [&](const std::string& step) { has_written |= step == "write"; };
  CHECK(practice.failure().code() == ErrorCode::DiskFull);
  CHECK_FALSE(has_written);
  CHECK(practice.is_drive_empty());
}

TEST_CASE("A drive that fails at any step of an export is told, and nothing is left on it") {
  ExportedPractice practice;
  bool has_failed = true;
  for (int last = 1; has_failed; ++last) {
    CAPTURE(last);
    REQUIRE(last < 100);
    int step = 0;
    practice.storage.before = [&](const std::string& name) {
      if (name != "remove" && ++step == last) {
        throw Error(ErrorCode::DiskFull, "The disk is full.", "Free some.");
      }
    };
    has_failed = false;
    try {
      practice.run();
    } catch (const Error& error) {
      has_failed = true;
      CHECK(error.code() == ErrorCode::DiskFull);
      CHECK(practice.is_drive_empty());
    }
  }
  CHECK((file_content(practice.target / kName) == practice.bytes));
}

TEST_CASE("An export that is cancelled at any moment leaves nothing") {
  const ExportPhase phase =
      GENERATE(ExportPhase::Copying, ExportPhase::ReadingBack, ExportPhase::Checking);
  ExportedPractice practice;
  std::stop_source stop;
  try {
    practice.run(
        [&](ExportPhase now, std::uint64_t, std::uint64_t) {
          if (now == phase) stop.request_stop();
        },
        stop.get_token());
    FAIL("It was exported.");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::Cancelled);
  }
  CHECK(practice.is_drive_empty());
}

TEST_CASE("What an export that was killed has left goes away at the next of this archive") {
  ExportedPractice practice;
  std::filesystem::create_directories(practice.target);
  write_file(practice.target / (std::string(kName) + ".export-holdfast.tmp"), "half of it");
  write_file(practice.target / "other.zip.export-holdfast.tmp", "another's");
  practice.run();
  const auto there = folder_content(practice.target);
  CHECK(there.size() == 2);
  CHECK((there.at(kName) == practice.bytes));
  CHECK(there.at("other.zip.export-holdfast.tmp") == "another's");
}

}  // namespace
}  // namespace holdfast
