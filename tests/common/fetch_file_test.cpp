#include "common/fetch_file.h"

#include <fstream>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

struct Fixture {
  TemporaryFolder folder;
  std::filesystem::path file = folder.path() / "archive.zip";

  void write(std::size_t bytes) const {
    std::ofstream(file, std::ios::binary) << std::string(bytes, 'x');
  }
  ErrorCode failure(const std::stop_token& stop = {}) const {
    try {
      fetch_file(
          file, [](std::uint64_t, std::uint64_t) {}, 30s, stop);
    } catch (const Error& error) {
      CHECK_FALSE(error.action().empty());
      return error.code();
    }
    FAIL("It was fetched.");
    return ErrorCode::Internal;
  }
};

TEST_CASE_METHOD(Fixture,
                 "A file is fetched by reading all of it, and it is told how far that is") {
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{1}, std::size_t{5'000'000}}) {
    write(bytes);
    std::uint64_t last = 0;
    fetch_file(file,
               [&](std::uint64_t done, std::uint64_t total) {
                 CHECK(done > last);
                 CHECK(total == bytes);
                 last = done;
               },
               30s, {});
    CHECK(last <= bytes);
  }
}

TEST_CASE_METHOD(Fixture, "What cannot be fetched is told with what to do") {
  CHECK(failure() == ErrorCode::NotFound);
  std::filesystem::create_directories(file);
  CHECK(failure() != ErrorCode::Cancelled);
}

TEST_CASE_METHOD(Fixture, "Fetching ends when it is asked to") {
  // More than is read before the first look.
  write(64'000'000);
  std::stop_source stop;
  stop.request_stop();
  CHECK(failure(stop.get_token()) == ErrorCode::Cancelled);
}

}  // namespace
}  // namespace holdfast
