#include "tray/program_answer.h"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/protocol/json_rpc.h"

namespace holdfast {
namespace {

using nlohmann::json;

// Why there is no copy.
Error refusal(const std::string& output) {
  try {
    exported_copy(output);
  } catch (const Error& error) {
    return {error.code(), std::string(error.what()), error.action()};
  }
  FAIL("It was not refused.");
  return {ErrorCode::Internal, "", ""};
}

TEST_CASE("An export that is refused is told in a sentence") {
  const Error denied(ErrorCode::AccessDenied, "Cannot open a.zip: access is denied.", "Ask Anna.");
  const Error told = refusal(json{{"error", error_json(denied)}}.dump());
  CHECK(told.code() == ErrorCode::AccessDenied);
  CHECK(told.line() == "Cannot open a.zip: access is denied. Ask Anna.");
  const Error fault =
      refusal(json::array({{{"archive", "a.zip"}, {"fault", "The disk is full."}}}).dump());
  CHECK(fault.line() == "The disk is full.");
}

TEST_CASE("An export that is done is told with its copy") {
  CHECK(exported_copy(
            json::array({{{"archive", "a.zip"}, {"copy", "E:/a.zip"}, {"bytes", 1}}}).dump()) ==
        "E:/a.zip");
}

TEST_CASE("What is no answer of the program's is told as such") {
  for (const char* output :
       {"", "Segmentation fault", "[]", "[{}]", "{}", R"({"error": {"message": 5}})", "[1]"}) {
    CAPTURE(output);
    CHECK(refusal(output).what() != std::string());
    CHECK(refusal(output).code() == ErrorCode::OutputFailed);
  }
}

}  // namespace
}  // namespace holdfast
