#include "service/config/config_files.h"

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"
#include "tests/support/database.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

TEST_CASE("The machine's configuration and those of the users are read from one folder") {
  const TemporaryFolder folder;
  DiskStorage storage;
  write_file(folder.path() / "config.json", "machine");
  CHECK(config_sources(storage, folder.path(), {}).users.empty());

  std::filesystem::create_directories(folder.path() / "users" / "S-1-5-21-9.json");
  write_file(folder.path() / "users" / "S-1-5-21-7.json", "seven");
  write_file(folder.path() / "users" / "S-1-5-21-8.json.tmp", "half");
  write_file(folder.path() / "users" / "readme.json", "other");
  const ConfigSources sources = config_sources(storage, folder.path(), {{"notify", "all"}});
  CHECK(sources.machine == "machine");
  CHECK(sources.users == std::map<std::string, std::string>{{"S-1-5-21-7", "seven"}});
  CHECK(sources.policies.size() == 1);
}

TEST_CASE("What a user added is replaced as a whole, whatever a write that was broken off left") {
  const TemporaryFolder folder;
  DiskStorage storage;
  write_file(folder.path() / "config.json", "machine");
  write_user_config(storage, folder.path(), "S-1-5-21-7", "one");
  write_file(folder.path() / "users" / "S-1-5-21-7.json.tmp", "half of something");
  write_user_config(storage, folder.path(), "S-1-5-21-7", "two");
  CHECK(config_sources(storage, folder.path(), {}).users ==
        std::map<std::string, std::string>{{"S-1-5-21-7", "two"}});
  CHECK(storage.list(folder.path() / "users").size() == 1);
}

TEST_CASE("Of a file that is too long no more is read than shows it") {
  const TemporaryFolder folder;
  DiskStorage storage;
  write_file(folder.path() / "config.json", std::string(3 * kMaxConfigBytes, ' '));
  const std::string text = config_text(storage, folder.path() / "config.json");
  CHECK(text.size() == kMaxConfigBytes + 1);
  CHECK_FALSE(merge_config({.machine = text}).is_good());
}

TEST_CASE("A machine without a configuration is an error that names the file") {
  const TemporaryFolder folder;
  DiskStorage storage;
  try {
    config_sources(storage, folder.path(), {});
    FAIL("read");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::NotFound);
    CHECK(std::string(error.what()).find("config.json") != std::string::npos);
  }
}

}  // namespace
}  // namespace holdfast
