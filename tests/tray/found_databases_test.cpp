#include "tray/found_databases.h"

#include <catch2/catch_test_macros.hpp>

#include "common/path_text.h"
#include "tests/support/database.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

TEST_CASE("A database is found by its content, not by its name") {
  const TemporaryFolder folder;
  const auto file = [&folder](const char* name, const std::string& content) {
    write_file(folder.path() / name, content);
    return DatabaseChoice{path_text(folder.path() / name), ""};
  };
  const std::string magic("SQLite format 3\0", 16);
  const DatabaseChoice database = file("records.bin", magic + "more");
  const DatabaseChoice text = file("clinic.db", "This is none.");
  const DatabaseChoice empty = file("empty.db", "");
  const DatabaseChoice missing{path_text(folder.path() / "missing.db"), ""};
  const DatabaseChoice is_folder{path_text(folder.path()), ""};
  CHECK(found_databases({missing, text, database, empty, is_folder}) ==
        std::vector<DatabaseChoice>{database});
}

}  // namespace
}  // namespace holdfast
