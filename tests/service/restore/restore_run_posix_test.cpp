#include <filesystem>

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"
#include "tests/support/application.h"
#include "tests/support/database.h"
#include "tests/support/restored_practice.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

TEST_CASE("A link in the place of a file is not followed") {
  RestoredPractice practice("WAL");
  practice.change();
  const std::filesystem::path place = practice.data() / "settings.json";
  std::filesystem::remove(place);
  std::filesystem::create_symlink("/etc/hostname", place);
  CHECK(practice.failure().code() == ErrorCode::AlreadyExists);
  CHECK(std::filesystem::is_symlink(place));
}

TEST_CASE("A stage that somebody has led elsewhere is refused, and nothing there is touched") {
  RestoredPractice practice("WAL");
  practice.change();
  const std::filesystem::path stage = practice.data() / ".holdfast-restore-clinic.db";
  const TemporaryFolder elsewhere;
  write_file(elsewhere.path() / "theirs.txt", "theirs");
  SECTION("the stage itself") {
    std::filesystem::create_directory_symlink(elsewhere.path(), stage);
  }
  SECTION("what was there before") {
    std::filesystem::create_directories(stage);
    std::filesystem::create_directory_symlink(elsewhere.path(), stage / "old");
  }
  CHECK(practice.failure().code() == ErrorCode::AccessDenied);
  CHECK(folder_content(elsewhere.path()).size() == 1);
}

TEST_CASE("Who has a database open that cannot be restored over is told by name") {
  RestoredPractice practice("WAL");
  practice.change();
  Application application(Application::Where::AnotherProcess, practice.database());
  application.execute("BEGIN IMMEDIATE");
  const std::string told = practice.failure().line();
  CAPTURE(told);
  CHECK(told.find("it is in use by sql_application (") != std::string::npos);
  CHECK(told.ends_with("Close the application and try again; nothing was changed."));
  application.execute("ROLLBACK");
  application.close();
}

}  // namespace
}  // namespace holdfast
