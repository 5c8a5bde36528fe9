#include "tray/ask_service.h"

#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

using nlohmann::json;

TEST_CASE("A list of several pages is told in one piece, or why it could not be had") {
  std::vector<json> asked;
  std::vector<ServiceAnswer> answers{{.result = {{"items", {1, 2}}, {"more", true}, {"next", 2}}},
                                     {.result = {{"items", {3}}, {"more", false}}}};
  const AskService ask = [&](std::string_view method, const json& params, const auto& then) {
    CHECK(method == "things.list");
    asked.push_back(params);
    then(answers.at(asked.size() - 1));
  };
  json told;
  ask_for_all(ask, "things.list", "items",
              [&told](const ServiceAnswer& answer) { told = answer.result; });
  CHECK(told == json{{"items", {1, 2, 3}}});
  CHECK(asked == std::vector<json>{json::object(), {{"offset", 2}}});

  asked.clear();
  answers[1] = {.failure = Error(ErrorCode::TimedOut, "No answer came.", "")};
  bool has_failed = false;
  ask_for_all(ask, "things.list", "items", [&has_failed](const ServiceAnswer& answer) {
    has_failed = answer.failure.has_value();
  });
  CHECK(has_failed);
}

}  // namespace
}  // namespace holdfast
