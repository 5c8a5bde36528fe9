#include "tray/stall_watch.h"

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

using namespace std::chrono_literals;

TEST_CASE("Work has stalled when its amount has not grown for longer than there is patience") {
  const StallWatch::Moment begin{};
  StallWatch watch(begin, 3min);
  CHECK(!watch.is_stalled(begin + 3min, 0));
  CHECK(!watch.is_stalled(begin + 170s, 10));
  CHECK(!watch.is_stalled(begin + 170s + 3min, 10));
  CHECK(watch.is_stalled(begin + 171s + 3min, 10));
  CHECK(!watch.is_stalled(begin + 10min, 11));
}

}  // namespace
}  // namespace holdfast
