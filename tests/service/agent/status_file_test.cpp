#include "service/agent/status_file.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/database.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

struct Fixture {
  TemporaryFolder folder;
  FakeClock clock{time_from("2026-11-20T10:00:00Z")};
  std::filesystem::path path = folder.path() / "status.json";
  StatusFile file{path};

  std::string as_of() const { return json::parse(file_content(path))["as_of"]; }
  void write_after(std::chrono::seconds time, const json& status) {
    clock.advance(time);
    file.write(status, clock.now());
  }
};

TEST_CASE_METHOD(Fixture,
                 "The file has the status as it is, with its time, and nothing beside it") {
  write_after(0s, {{"health", "protected"}});
  CHECK(json::parse(file_content(path)) ==
        json{{"health", "protected"}, {"as_of", "2026-11-20T10:00:00Z"}});
  write_after(1s, {{"health", "failed"}});
  CHECK(json::parse(file_content(path)) ==
        json{{"health", "failed"}, {"as_of", "2026-11-20T10:00:01Z"}});
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE_METHOD(Fixture,
                 "A status that lasts is written anew every minute, also after a clock was set") {
  const json status = {{"health", "protected"}};
  write_after(0s, status);
  write_after(59s, status);
  CHECK(as_of() == "2026-11-20T10:00:00Z");
  write_after(1s, status);
  CHECK(as_of() == "2026-11-20T10:01:00Z");
  write_after(-1h, status);
  CHECK(as_of() == "2026-11-20T09:01:00Z");
}

TEST_CASE_METHOD(Fixture, "A status that could not be written is written at the next look") {
  std::filesystem::create_directories(path / "in the way");
  write_after(0s, {{"health", "failed"}});
  std::filesystem::remove_all(path);
  write_after(1s, {{"health", "failed"}});
  CHECK(as_of() == "2026-11-20T10:00:01Z");
}

}  // namespace
}  // namespace holdfast
