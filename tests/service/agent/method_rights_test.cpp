#include "service/agent/method_rights.h"

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"

namespace holdfast {
namespace {

using nlohmann::json;

TEST_CASE("A method for administrators refuses everybody else") {
  Dispatcher dispatcher;
  offer(dispatcher, "config.reload", [](const Call&) { return json("done"); });
  offer(dispatcher, "status", [](const Call&) { return json("told"); });
  offer(dispatcher, "something.new", [](const Call&) { return json("done"); });
  const Caller user{.user_sid = "S-1-5-21-1"};
  const Caller administrator{.user_sid = "S-1-5-21-2", .is_elevated_administrator = true};
  const json none = json::object();
  CHECK(dispatcher.dispatch("status", {none, user}) == "told");
  for (const char* method : {"config.reload", "something.new"}) {
    CAPTURE(method);
    CHECK_THROWS_AS(dispatcher.dispatch(method, {none, user}), Error);
    CHECK(dispatcher.dispatch(method, {none, administrator}) == "done");
  }
}

}  // namespace
}  // namespace holdfast
