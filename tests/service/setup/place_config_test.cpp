#include "service/setup/place_config.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "common/error.h"
#include "tests/support/database.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

constexpr const char* kClinic =
    R"({"version": 1, "datasets": [{"id": "clinic", "database": "C:\\clinic\\clinic.db",
        "destination": {"folder": "E:\\backups"}}]})";
constexpr const char* kOther =
    R"({"version": 1, "datasets": [{"id": "other", "database": "C:\\other\\other.db",
        "destination": {"folder": "E:\\backups"}}]})";
constexpr const char* kEmpty = R"({"version": 1, "datasets": []} // as it was brought)";

struct Placing {
  TemporaryFolder folder;
  DiskStorage storage;
  std::filesystem::path data = folder.path() / "Holdfast";
  std::filesystem::path wanted = folder.path() / "wanted.json";
  std::filesystem::path current = data / "config.json";

  Placing() {
    std::filesystem::create_directories(data);
    write_file(wanted, kClinic);
  }

  PlacedConfig place() { return place_config(storage, wanted, data); }
};

TEST_CASE("A configuration is placed where there is none, or one that protects nothing") {
  Placing placing;
  CHECK(placing.place() == PlacedConfig::Taken);
  CHECK(file_content(placing.current) == kClinic);

  write_file(placing.current, kEmpty);
  CHECK(placing.place() == PlacedConfig::Taken);
  CHECK(file_content(placing.current) == kClinic);
  CHECK(placing.storage.list(placing.data).size() == 1);
}

TEST_CASE("A configuration that protects something, or is damaged, is left as it is") {
  Placing placing;
  for (const char* there : {kOther, "{ damaged", ""}) {
    write_file(placing.current, there);
    CHECK(placing.place() == PlacedConfig::KeptWhatWasThere);
    CHECK(file_content(placing.current) == there);
  }
}

TEST_CASE("What is no good configuration is not placed, and the sentence says why") {
  Placing placing;
  write_file(placing.wanted, R"({"version": 1, "datasets": 7})");
  CHECK_THROWS_MATCHES(placing.place(), Error,
                       MessageMatches(ContainsSubstring("wanted.json:1:28") &&
                                      ContainsSubstring("as the configuration")));
  placing.wanted = "wanted.json";
  CHECK_THROWS_MATCHES(placing.place(), Error,
                       MessageMatches(ContainsSubstring("that is no full path")));
  placing.wanted = placing.folder.path() / "missing.json";
  CHECK_THROWS_MATCHES(placing.place(), Error, MessageMatches(ContainsSubstring("missing.json")));
  CHECK_FALSE(std::filesystem::exists(placing.current));
}

}  // namespace
}  // namespace holdfast
