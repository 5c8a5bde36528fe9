#include "tray/archive_fetch.h"

#include <condition_variable>
#include <fstream>
#include <memory>
#include <mutex>

#include <catch2/catch_test_macros.hpp>

#include "common/path_text.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

struct Fixture {
  void start(const std::string& archive) {
    fetch.start(archive, 30s, [calls = calls] {
      const std::scoped_lock lock(calls->mutex);
      ++calls->told;
      calls->changed.notify_all();
    });
  }
  // The end of what was started last.
  ArchiveFetch::News end() {
    for (;;) {
      std::unique_lock lock(calls->mutex);
      REQUIRE(calls->changed.wait_for(lock, 30s, [this] { return calls->told > 0; }));
      calls->told = 0;
      lock.unlock();
      const auto news = fetch.take_news();
      if (news && news->has_ended) return *news;
    }
  }

  TemporaryFolder folder;
  std::filesystem::path file = folder.path() / "archive.zip";
  // Of the fetch's thread too, which may still be in a call when its news is taken.
  struct Calls {
    std::mutex mutex;
    std::condition_variable changed;
    int told = 0;
  };
  std::shared_ptr<Calls> calls = std::make_shared<Calls>();
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
  {
    std::unique_lock lock(calls->mutex);
    REQUIRE(calls->changed.wait_for(lock, 30s, [this] { return calls->told > 0; }));
  }
  CHECK(!fetch.take_news());
}

}  // namespace
}  // namespace holdfast
