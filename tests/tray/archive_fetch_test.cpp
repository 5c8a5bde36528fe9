#include "tray/archive_fetch.h"

#include <chrono>
#include <fstream>
#include <memory>

#include <catch2/catch_test_macros.hpp>

#include "common/path_text.h"
#include "tests/support/bell.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

struct Fixture {
  void start(const std::string& archive) {
    fetch.start(archive, 30s, [bell = bell] { bell->ring(); });
  }
  bool has_rung() const { return bell->wait_until(std::chrono::steady_clock::now() + 30s); }
  // The end of what was started last.
  ArchiveFetch::News end() {
    for (;;) {
      REQUIRE(has_rung());
      const auto news = fetch.take_news();
      if (news && news->has_ended) return *news;
    }
  }

  TemporaryFolder folder;
  std::filesystem::path file = folder.path() / "archive.zip";
  std::shared_ptr<Bell> bell = std::make_shared<Bell>();
  ArchiveFetch fetch;
};

TEST_CASE_METHOD(Fixture, "Fetching an archive tells its end, or why it cannot be fetched") {
  std::ofstream(file, std::ios::binary) << std::string(3'000'000, 'x');
  start(path_text(file));
  CHECK(!end().failure);

  start(path_text(folder.path() / "missing.zip"));
  const auto failed = end();
  REQUIRE(failed.failure);
  CHECK(failed.failure->code() == ErrorCode::NotFound);
}

TEST_CASE_METHOD(Fixture, "Of a fetch that was stopped nothing is told") {
  std::ofstream(file, std::ios::binary) << std::string(64'000'000, 'x');
  start(path_text(file));
  fetch.stop();
  REQUIRE(has_rung());
  CHECK(!fetch.take_news());
}

}  // namespace
}  // namespace holdfast
