#include "common/protocol/line_buffer.h"

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"

namespace holdfast {
namespace {

TEST_CASE("Lines come out whole, however the bytes arrive") {
  LineBuffer buffer(64);
  buffer.append("on");
  CHECK(buffer.next_line() == std::nullopt);
  buffer.append("e\ntwo\r\n\nthr");
  CHECK(buffer.next_line() == "one");
  CHECK(buffer.next_line() == "two");
  CHECK(buffer.next_line() == "");
  CHECK(buffer.next_line() == std::nullopt);
  buffer.append("ee\n");
  CHECK(buffer.next_line() == "three");
}

TEST_CASE("A line of exactly the limit passes and one byte more is refused, ended or not") {
  LineBuffer buffer(8);
  buffer.append("12345678");
  CHECK(buffer.next_line() == std::nullopt);
  buffer.append("\n");
  CHECK(buffer.next_line() == "12345678");

  buffer.append("123456789");
  CHECK_THROWS_AS(buffer.next_line(), Error);

  LineBuffer ended(8);
  ended.append("short\n123456789\n");
  CHECK(ended.next_line() == "short");
  CHECK_THROWS_AS(ended.next_line(), Error);
}

}  // namespace
}  // namespace holdfast
