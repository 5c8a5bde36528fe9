#include "common/clock.h"

#include <stdexcept>

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

using namespace std::chrono;

TEST_CASE("A time is written as UTC and read back as the same time") {
  const Time leap_day = sys_days{year{2024} / 2 / 29} + 23h + 59min + 58s;
  CHECK(utc_text(leap_day) == "2024-02-29T23:59:58Z");
  CHECK(time_from("2024-02-29T23:59:58Z") == leap_day);
  CHECK(utc_text(Time{}) == "1970-01-01T00:00:00Z");
}

TEST_CASE("What is no UTC time is refused, however close it looks") {
  for (const char* text : {"", "2024-02-29", "2024-02-29T23:59:58", "2024-02-29T23:59:58+0",
                           "2024-02-29 23:59:58Z", "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z",
                           "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z", "2024-01-01T00:00:60Z",
                           "2024-01-01T00:00:-1Z", "abcd-01-01T00:00:00Z"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(time_from(text), std::invalid_argument);
  }
}

}  // namespace
}  // namespace holdfast
