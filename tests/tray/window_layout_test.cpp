#include "tray/window_layout.h"

#include <array>

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

TEST_CASE("A window is as large as wanted, and never larger than its screen") {
  CHECK(fitted({.width = 1064, .height = 900}, {.width = 1920, .height = 1040}) ==
        Extent{.width = 1064, .height = 900});
  CHECK(fitted({.width = 1960, .height = 1120}, {.width = 1920, .height = 1040}) ==
        Extent{.width = 1920, .height = 1040});
}

TEST_CASE("A window that hangs out of its screen is moved back, and no further than needed") {
  CHECK(moved_within(100, 500, 0, 1040) == 100);
  CHECK(moved_within(700, 500, 0, 1040) == 540);
  CHECK(moved_within(-30, 500, 0, 1040) == 0);
  CHECK(moved_within(50, 1040, 0, 1040) == 0);
  CHECK(moved_within(2000, 1300, 1920, 1280) == 1920);
}

TEST_CASE("Buttons that do not fit beside each other go on in the next row") {
  constexpr std::array kWidths{100, 80, 80, 90};
  CHECK(flow(kWidths, 400, 10) == std::vector<FlowPlace>{{0, 0}, {110, 0}, {200, 0}, {290, 0}});
  CHECK(flow(kWidths, 380, 10).back() == FlowPlace{.left = 290, .row = 0});
  CHECK(flow(kWidths, 379, 10) == std::vector<FlowPlace>{{0, 0}, {110, 0}, {200, 0}, {0, 1}});
  // One that is too wide for any row has one of its own.
  CHECK(flow(kWidths, 50, 10) == std::vector<FlowPlace>{{0, 0}, {0, 1}, {0, 2}, {0, 3}});
  CHECK(flow({}, 50, 10).empty());
}

TEST_CASE("What has the focus is scrolled into view, and no further than there is content") {
  constexpr ScrollRange kRange{.content = 1000, .page = 400};
  CHECK(kRange.showing(0, 100, 120) == 0);
  CHECK(kRange.showing(0, 700, 720) == 320);
  CHECK(kRange.showing(320, 50, 70) == 50);
  CHECK(kRange.showing(0, 980, 1020) == 600);
  CHECK(kRange.showing(600, -10, 20) == 0);
  CHECK(ScrollRange{.content = 300, .page = 400}.showing(50, 250, 290) == 0);
  CHECK(kRange.within(-5) == 0);
  CHECK(kRange.within(5000) == 600);
}

}  // namespace
}  // namespace holdfast
