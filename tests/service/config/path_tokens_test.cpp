#include "service/config/path_tokens.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"

namespace holdfast {
namespace {

const KnownFolders kFolders{{"localappdata", "C:\\Users\\ann\\AppData\\Local"},
                            {"programdata", "C:\\ProgramData"}};

TEST_CASE("A token at the beginning of a path becomes the folder that it stands for") {
  CHECK(expand("{localappdata}\\x\\y.db", kFolders) == "C:\\Users\\ann\\AppData\\Local\\x\\y.db");
  CHECK(expand("{programdata}", kFolders) == "C:\\ProgramData");
  CHECK(expand("E:\\{localappdata}", kFolders) == "E:\\{localappdata}");
  CHECK(expand("", kFolders).empty());
}

TEST_CASE("A token whose folder nobody knows is an error that names it") {
  for (const char* path : {"{documents}\\x", "{other}\\x"}) {
    CAPTURE(path);
    try {
      expand(path, kFolders);
      FAIL("expanded");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::NotFound);
      CHECK(std::string(error.what()).find(path) != std::string::npos);
    }
  }
}

TEST_CASE("A mistyped token is told with the one that was meant") {
  struct Row {
    const char* path;
    const char* fault;
  };
  const Row rows[] = {
      {"{localapdata}\\x", "begins with an unknown token; did you mean {localappdata}?"},
      {"{LocalAppData}\\x", "begins with an unknown token; did you mean {localappdata}?"},
      {"{desktop}\\x",
       "begins with an unknown token; the tokens are {localappdata}, {appdata}, {documents}, "
       "{profile}, {programdata}"},
      {"{profile\\x", "has no \"}\" behind its token"},
      {"%LOCALAPPDATA%\\x", "begins with an environment variable; write {localappdata} instead"},
      {"%UserProfile%\\x", "begins with an environment variable; write {profile} instead"},
      {"%CLINIC%\\x", "begins with an environment variable, which the service does not know"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.path);
    CHECK(token_fault(row.path) == row.fault);
  }
  CHECK_FALSE(token_fault("{documents}\\x"));
  CHECK_FALSE(token_fault("C:\\{x}"));
}

TEST_CASE("Every token but {programdata} is another folder for each user") {
  for (const std::string_view token : path_tokens()) {
    CAPTURE(token);
    CHECK(has_per_user_token("{" + std::string(token) + "}\\x") == (token != "programdata"));
  }
  CHECK_FALSE(has_per_user_token("C:\\x"));
  CHECK_FALSE(has_per_user_token("{other}\\x"));
}

}  // namespace
}  // namespace holdfast
