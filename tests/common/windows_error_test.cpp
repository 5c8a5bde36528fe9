#include "common/windows_error.h"

#include <windows.h>

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

TEST_CASE("A failed system call tells what was tried, the system's reason and its number") {
  const Error error = windows_error("Cannot open C:\\x", ERROR_ACCESS_DENIED, "Ask somebody.");
  CHECK(error.code() == ErrorCode::AccessDenied);
  const std::string sentence = error.what();
  CHECK(sentence.starts_with("Cannot open C:\\x: "));
  CHECK(sentence.ends_with(" (error 5)."));
  CHECK(windows_error("It failed", ERROR_DISK_FULL, "").code() == ErrorCode::SystemCallFailed);
}

TEST_CASE("An error number that the system has no words for is still told") {
  CHECK(windows_error_text(0x2FFFFFFF) == "error 805306367");
}

}  // namespace
}  // namespace holdfast
