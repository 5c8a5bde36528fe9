#include "common/error.h"

#include <set>

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

TEST_CASE("An error reads as one line: what failed and what to do") {
  const Error error(ErrorCode::AccessDenied, "Cannot open C:\\x: access is denied.",
                    "Run it as an administrator.");
  CHECK(error.line() == "Cannot open C:\\x: access is denied. Run it as an administrator.");
  CHECK(Error(ErrorCode::Internal, "It failed.", "").line() == "It failed.");
}

TEST_CASE("Every error code has a name of its own") {
  std::set<std::string_view> names;
  const int codes = static_cast<int>(ErrorCode::ArchiveInCloud) + 1;
  for (int number = 0; number < codes; ++number) {
    const auto code = static_cast<ErrorCode>(number);
    names.insert(name(code));
    CHECK(code_named(name(code)) == code);
  }
  CHECK_FALSE(code_named("nothing"));
  CHECK(names.size() == static_cast<std::size_t>(codes));
}

}  // namespace
}  // namespace holdfast
