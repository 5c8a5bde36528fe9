#include "service/command_line/history_command.h"

#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/scripted_service.h"

namespace holdfast {
namespace {

using nlohmann::json;

json runs(const std::vector<int>& ids) {
  json runs = json::array();
  for (const int id : ids) runs.push_back({{"id", id}});
  return runs;
}

TEST_CASE("The history is taken together from its pages, up to the limit") {
  std::vector<json> asked;
  ScriptedServices services;
  services.add([&asked](ScriptedService& service) {
    service.greet();
    const auto page = [&](const json& result) {
      const json question = service.receive();
      asked.push_back(question["params"]);
      service.send(result_line(question["id"], result));
    };
    page({{"runs", runs({9, 8})}, {"more", true}, {"next", 8}});
    page({{"runs", runs({7})}, {"more", true}, {"next", 7}});
    page({{"runs", runs({6})}, {"more", false}});
    service.wait_until_client_leaves();
  });
  const auto connection = services.connect();
  const json first = runs_of_pages(*connection, {{"outcome", "failed"}}, 3);
  CHECK(first["runs"] == runs({9, 8, 7}));
  CHECK(first["more"] == true);
  const json last = runs_of_pages(*connection, {{"before", 7}}, 30);
  CHECK(last["runs"] == runs({6}));
  CHECK(last["more"] == false);
  CHECK(asked == std::vector<json>{{{"limit", 3}, {"outcome", "failed"}},
                                   {{"limit", 1}, {"outcome", "failed"}, {"before", 8}},
                                   {{"limit", 30}, {"before", 7}}});
}

}  // namespace
}  // namespace holdfast
