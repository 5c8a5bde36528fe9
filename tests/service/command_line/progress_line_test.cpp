#include "service/command_line/progress_line.h"

#include <sstream>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "service/command_line/display_width.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

TEST_CASE("Progress tells how much, how fast and how long, once that can be known") {
  struct Row {
    ProgressState state;
    std::size_t columns;
    const char* text;
  };
  constexpr std::uint64_t kMB = 1'000'000;
  const Row rows[] = {
      {{"", "checking", 0, 0, 500ms}, 79, "checking ..."},
      {{"", "checking", 0, 0, 65s}, 79, "checking ...  1:05"},
      {{"", "listing", 12 * kMB, 0, 5s}, 79, "listing ...  12.0 MB  0:05"},
      {{"", "reading", 55 * kMB, 122 * kMB, 100ms},
       79,
       "reading     [#####--------]   45 %  55.0 MB of  122 MB"},
      {{"", "reading", 50 * kMB, 100 * kMB, 1s},
       79,
       "reading     [######-------]   50 %  50.0 MB of  100 MB  50.0 MB/s     0:01 left"},
      {{"", "reading", 1 * kMB, 4000 * kMB, 1s},
       79,
       "reading     [-------------]    0 %  1.00 MB of 4.00 GB  1.00 MB/s  1:06:39 left"},
      {{"", "verifying", 100 * kMB, 100 * kMB, 2s},
       79,
       "verifying   [#############]  100 %   100 MB of  100 MB  50.0 MB/s     0:00 left"},
      {{"2/3 clinic", "reading", 50 * kMB, 100 * kMB, 1s},
       79,
       "2/3 clinic reading  [############-------------]   50 %  50.0 MB/s     0:01 left"},
      {{"", "reading", 50 * kMB, 100 * kMB, 1s}, 40, "reading     [#########----------]   50 %"},
      {{"", "reading", 50 * kMB, 100 * kMB, 1s}, 28, "reading      50 %"},
      {{"", "reading", 200 * kMB, 100 * kMB, 0s},
       79,
       "reading     [#############]  100 %   100 MB of  100 MB"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.state.phase, row.state.done);
    CHECK(progress_text(row.state, row.columns) == row.text);
  }
}

TEST_CASE("A line of progress is never longer than the terminal is wide") {
  const std::vector<std::uint64_t> sizes{0, 1, 999, 1'000'000, 123'456'789'000, ~std::uint64_t{0}};
  for (std::size_t columns = 3; columns <= 120; ++columns) {
    for (const std::uint64_t total : sizes) {
      for (const std::uint64_t done : sizes) {
        for (const std::string_view label : {"", "3/12 日本日本日本日本"}) {
          const ProgressState state{label, "extracting", done, total, 1h};
          CAPTURE(columns, total, done, label);
          REQUIRE(display_width(progress_text(state, columns)) <= columns);
        }
      }
    }
  }
}

TEST_CASE("The line is written over and wiped at its end, and nobody's log is filled with it") {
  std::ostringstream terminal;
  {
    ProgressLine line(terminal, ProgressLine::Watched::Yes);
    line.show("reading", 1, 2);
    line.show("checking\x1B", 0, 0);
  }
  const std::string shown = terminal.str();
  CHECK(shown.starts_with("\rreading "));
  CHECK(shown.find("\rchecking? ...") != std::string::npos);
  CHECK(shown.ends_with(" \r"));
  CHECK(shown.find('\n') == std::string::npos);

  std::ostringstream file;
  ProgressLine(file, ProgressLine::Watched::No).show("reading", 1, 2);
  CHECK(file.str().empty());
}

}  // namespace
}  // namespace holdfast
