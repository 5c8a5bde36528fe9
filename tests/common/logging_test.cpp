#include "common/logging.h"

#include <fstream>
#include <sstream>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <spdlog/spdlog.h>

#include "common/error.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using Catch::Matchers::ContainsSubstring;

std::string content(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// Leaves the default logger as it was found, and the file closed.
struct DefaultLogger {
  std::shared_ptr<spdlog::logger> before = spdlog::default_logger();
  DefaultLogger() = default;
  DefaultLogger(const DefaultLogger&) = delete;
  DefaultLogger& operator=(const DefaultLogger&) = delete;
  ~DefaultLogger() { spdlog::set_default_logger(before); }
};

TEST_CASE("A logged line is on disk at once, with its UTC time, also under a name past ASCII") {
  const TemporaryFolder folder;
  const DefaultLogger restored;
  const auto file = folder.path() / u8"Größe-Ж.log";
  log_to(file, LogEcho::FileOnly);
  spdlog::warn("the disk is nearly full");
  CHECK_THAT(content(file), ContainsSubstring("Z warning the disk is nearly full"));
}

TEST_CASE("The log is rotated, so that it cannot fill the disk") {
  const TemporaryFolder folder;
  const DefaultLogger restored;
  log_to(folder.path() / "holdfast.log", LogEcho::FileOnly);
  const std::string line(64 * 1024, 'x');
  for (int i = 0; i < 600; ++i) spdlog::info(line);
  std::uintmax_t bytes = 0;
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    bytes += entry.file_size();
    ++files;
  }
  CHECK(files == 5);
  CHECK(bytes <= 5U * 5 * 1024 * 1024);
}

TEST_CASE("A log file that cannot be opened is an error that names it") {
  const TemporaryFolder folder;
  const DefaultLogger restored;
  std::ofstream(folder.path() / "taken") << "a file, not a folder";
  CHECK_THROWS_AS(log_to(folder.path() / "taken" / "holdfast.log", LogEcho::FileOnly), Error);
}

}  // namespace
}  // namespace holdfast
