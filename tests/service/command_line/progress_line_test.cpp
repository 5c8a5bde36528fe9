#include "service/command_line/progress_line.h"

#include <sstream>

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

using namespace std::chrono_literals;

TEST_CASE("Progress tells how much, how fast and how long, once that can be known") {
  CHECK(progress_text("checking", 0, 0, 5s) == "checking ...");
  CHECK(progress_text("reading", 55'000'000, 122'000'000, 100ms) ==
        "reading  45 %  55.0 MB of 122 MB");
  CHECK(progress_text("reading", 50'000'000, 100'000'000, 1s) ==
        "reading  50 %  50.0 MB of 100 MB  50.0 MB/s  0:01 left");
  CHECK(progress_text("reading", 1'000'000, 4'000'000'000, 1s) ==
        "reading  0 %  1.00 MB of 4.00 GB  1.00 MB/s  1:06:39 left");
}

TEST_CASE("The line is written over and wiped at its end, and nobody's log is filled with it") {
  std::ostringstream terminal;
  {
    ProgressLine line(terminal, ProgressLine::Watched::Yes);
    line.show("reading", 1, 2);
    line.show("checking", 0, 0);
  }
  const std::string shown = terminal.str();
  CHECK(shown.starts_with("\rreading  50 %"));
  CHECK(shown.ends_with(" \r"));
  CHECK(shown.find('\n') == std::string::npos);

  std::ostringstream file;
  ProgressLine(file, ProgressLine::Watched::No).show("reading", 1, 2);
  CHECK(file.str().empty());
}

}  // namespace
}  // namespace holdfast
