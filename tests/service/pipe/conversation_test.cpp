#include "service/pipe/conversation.h"

#include <iterator>
#include <random>
#include <stdexcept>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

using nlohmann::json;

const std::string kHello = R"({"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":1}})";

std::string request(const std::string& method, const std::string& more = "") {
  return R"({"jsonrpc":"2.0","id":2,"method":")" + method + "\"" + more + "}";
}

struct Fixture {
  Dispatcher dispatcher;
  Conversation conversation{dispatcher};
  Caller caller{.user_sid = "S-1-5-21-1"};
  std::vector<std::string> said;
  std::vector<Reply> waiting;  // to be answered when a test says so

  Fixture() {
    dispatcher.add_late("later",
                        [this](const Call&, const Reply& reply) { waiting.push_back(reply); });
    dispatcher.add("status", [](const Call&) { return json{{"health", "none"}}; });
    dispatcher.add("echo", [](const Call& call) { return call.params; });
    dispatcher.add("who", [](const Call& call) { return json(call.caller.user_sid); });
    dispatcher.add("fail", [](const Call&) -> json {
      throw Error(ErrorCode::BadParameters, "It cannot be done.", "Do something else.");
    });
    dispatcher.add("crash", [](const Call&) -> json { throw std::runtime_error("a secret"); });
  }

  struct Answer {
    std::string line;  // empty when nothing was said at once
    AfterAnswer next = AfterAnswer::GoOn;
  };
  Answer say(const std::string& line) {
    said.clear();
    const AfterAnswer next = conversation.answer(
        line, caller, [this](std::string answer) { said.push_back(std::move(answer)); });
    REQUIRE(said.size() <= 1);
    return {.line = said.empty() ? "" : said.front(), .next = next};
  }
  json reply(const std::string& line) { return json::parse(say(line).line); }
  std::string code_of(const std::string& line) {
    return reply(line).at("error").at("data").at("code");
  }
};

TEST_CASE_METHOD(Fixture, "Hello opens the conversation and tells the versions") {
  const json answer = reply(kHello);
  CHECK(answer["result"]["protocol"] == 1);
  CHECK(answer["id"] == 1);
  CHECK(conversation.has_greeted());
  CHECK(reply(request("status"))["result"]["health"] == "none");
}

TEST_CASE_METHOD(Fixture,
                 "Nothing is answered before hello, and the conversation can still begin") {
  CHECK(code_of(request("status")) == "hello_first");
  CHECK(code_of(request("subscribe")) == "hello_first");
  CHECK_FALSE(conversation.is_subscribed());
  say(kHello);
  CHECK(conversation.has_greeted());
}

TEST_CASE_METHOD(Fixture,
                 "A protocol that is not spoken here ends the conversation with the reason") {
  const Answer answer =
      say(R"({"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":99}})");
  CHECK(answer.next == AfterAnswer::Close);
  CHECK(json::parse(answer.line)["error"]["data"]["code"] == "protocol_unsupported");
  CHECK_FALSE(conversation.has_greeted());
}

TEST_CASE_METHOD(Fixture,
                 "A hello without a whole number as protocol is refused and may be repeated") {
  for (const char* params : {"{}", R"({"protocol":"1"})", R"({"protocol":1.0})",
                             R"({"protocol":null})", R"({"protocol":{}})"}) {
    CAPTURE(params);
    const Answer answer =
        say(R"({"jsonrpc":"2.0","id":1,"method":"hello","params":)" + std::string(params) + "}");
    CHECK(answer.next == AfterAnswer::GoOn);
    CHECK(json::parse(answer.line)["error"]["data"]["code"] == "bad_parameters");
  }
  say(kHello);
  CHECK(conversation.has_greeted());
}

TEST_CASE_METHOD(Fixture,
                 "Whatever else is sent, the answer is an error and the conversation goes on") {
  say(kHello);
  for (const std::string& line :
       {std::string("nonsense"), std::string("\xFF"), std::string(60'000, '['), std::string("[]"),
        request("nothing"), request(""), request("status", R"(,"params":[])"), request("fail"),
        request("crash")}) {
    CAPTURE(line.substr(0, 80));
    const Answer answer = say(line);
    CHECK(answer.next == AfterAnswer::GoOn);
    const json error = json::parse(answer.line).at("error");
    CHECK(error.at("code").is_number_integer());
    CHECK_FALSE(error.at("message").get<std::string>().empty());
    CHECK_FALSE(error.at("data").at("action").get<std::string>().empty());
  }
  CHECK(reply(request("status"))["result"]["health"] == "none");
}

TEST_CASE_METHOD(Fixture, "Lines that were mangled at random are answered like any other") {
  say(kHello);
  std::mt19937 random(20240229);
  const std::string seeds[] = {kHello, request("status"), request("subscribe"),
                               request("echo", R"(,"params":{"a":[1,{"b":"\u00e4"}]})")};
  for (int round = 0; round < 100'000; ++round) {
    std::string line = seeds[random() % std::size(seeds)];
    for (auto changes = random() % 4; changes > 0; --changes) {
      const std::size_t place = random() % (line.size() + 1);
      if (random() % 2 == 0 && place < line.size()) line[place] = static_cast<char>(random());
      if (random() % 4 == 0) line.insert(place, line.substr(0, random() % (line.size() + 1)));
      if (random() % 8 == 0) line.resize(place);
    }
    const std::string answered = say(line).line;
    if (!answered.empty()) REQUIRE(json::accept(answered));
    if (round % 100 != 0) continue;
    say(kHello);
    REQUIRE(reply(request("echo", R"(,"params":{"a":1})"))["result"] == json{{"a", 1}});
  }
  CHECK(reply(request("status"))["result"]["health"] == "none");
}

TEST_CASE_METHOD(Fixture, "An unknown method names the closest one") {
  say(kHello);
  const json error = reply(request("staus"))["error"];
  CHECK(error["code"] == -32601);
  CHECK(error["data"]["action"] == "Did you mean \"status\"?");
}

TEST_CASE_METHOD(Fixture, "What goes wrong inside is not told to the client") {
  say(kHello);
  const std::string line = say(request("crash")).line;
  CHECK(line.find("secret") == std::string::npos);
  CHECK(json::parse(line)["error"]["data"]["code"] == "internal");
}

TEST_CASE_METHOD(
    Fixture, "A method gets its parameters and its caller, and answers under the request's id") {
  say(kHello);
  CHECK(reply(request("echo", R"(,"params":{"a":[1,2]})"))["result"] == json{{"a", {1, 2}}});
  CHECK(reply(request("who"))["result"] == "S-1-5-21-1");
  CHECK(reply(R"({"jsonrpc":"2.0","id":"x-9","method":"who"})")["id"] == "x-9");
}

TEST_CASE_METHOD(Fixture, "A subscriber is first told how things stand") {
  say(kHello);
  CHECK(reply(request("subscribe"))["result"]["health"] == "none");
  CHECK(conversation.is_subscribed());
}

TEST_CASE_METHOD(Fixture, "What takes its time is answered when it is done, others in between") {
  say(kHello);
  CHECK(say(R"({"jsonrpc":"2.0","id":"slow","method":"later"})").line.empty());
  CHECK(say(R"({"jsonrpc":"2.0","id":"slower","method":"later"})").line.empty());
  CHECK(reply(request("status"))["result"]["health"] == "none");
  said.clear();
  waiting[1].fail({ErrorCode::NotFound, "It is not there.", ""});
  waiting[0].with("done");
  waiting[0].with("done again");
  REQUIRE(said.size() == 2);
  CHECK(json::parse(said[0])["id"] == "slower");
  CHECK(json::parse(said[0])["error"]["data"]["code"] == "not_found");
  CHECK(json::parse(said[1]) == json{{"jsonrpc", "2.0"}, {"id", "slow"}, {"result", "done"}});
}

TEST_CASE_METHOD(Fixture, "A request that nobody answers any more is told so") {
  say(kHello);
  say(request("later"));
  say(R"({"jsonrpc":"2.0","method":"later"})");
  said.clear();
  waiting.clear();
  REQUIRE(said.size() == 1);
  CHECK(json::parse(said[0])["error"]["data"]["code"] == "cancelled");
}

TEST_CASE_METHOD(Fixture, "Only so many requests of a connection are open at once") {
  say(kHello);
  for (int i = 0; i < 64; ++i) CHECK(say(request("later")).line.empty());
  CHECK(code_of(request("status")) == "too_many_requests");
  waiting.front().with("done");
  CHECK(reply(request("status"))["result"]["health"] == "none");
}

TEST_CASE_METHOD(Fixture, "A notification is carried out and not answered") {
  say(kHello);
  CHECK(say(R"({"jsonrpc":"2.0","method":"subscribe"})").line.empty());
  CHECK(conversation.is_subscribed());
  for (const char* method : {"fail", "crash", "nothing"}) {
    CAPTURE(method);
    CHECK(say(R"({"jsonrpc":"2.0","method":")" + std::string(method) + "\"}").line.empty());
  }
}

}  // namespace
}  // namespace holdfast
