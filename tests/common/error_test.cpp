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
  const int codes = static_cast<int>(ErrorCode::ArchiveTooNew) + 1;
  for (int code = 0; code < codes; ++code) names.insert(name(static_cast<ErrorCode>(code)));
  CHECK(names.size() == static_cast<std::size_t>(codes));
}

}  // namespace
}  // namespace holdfast
