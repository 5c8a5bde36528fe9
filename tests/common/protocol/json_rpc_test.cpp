#include "common/protocol/json_rpc.h"

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

using nlohmann::json;

std::string nested(int depth) {
  return R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"a":)" +
         std::string(static_cast<std::size_t>(depth - 2), '[') +
         std::string(static_cast<std::size_t>(depth - 2), ']') + "}}";
}

TEST_CASE("A request is read with its id, method and parameters") {
  const Request request =
      parse_request(R"({"jsonrpc":"2.0","id":"a7","method":"status","params":{"x":1}})");
  CHECK(request.id == json("a7"));
  CHECK(request.method == "status");
  CHECK(request.params == json{{"x", 1}});
}

TEST_CASE("A request without parameters has none, and one without an id is a notification") {
  const Request request = parse_request(R"({"jsonrpc":"2.0","method":"status"})");
  CHECK_FALSE(request.id.has_value());
  CHECK(request.params == json::object());
}

TEST_CASE("Every line that is no request is refused with its own stable code") {
  struct Row {
    std::string line;
    ErrorCode code;
    json id;
  };
  const Row rows[] = {
      {"", ErrorCode::NotJson, nullptr},
      {"hello", ErrorCode::NotJson, nullptr},
      {"{", ErrorCode::NotJson, nullptr},
      {R"({"jsonrpc":"2.0","id":1,"method":"m"} x)", ErrorCode::NotJson, nullptr},
      {std::string("\0\0", 2), ErrorCode::NotJson, nullptr},
      {"\xEF\xBB\xBF{}x", ErrorCode::NotJson, nullptr},
      {"{\"method\":\"\xFF\"}", ErrorCode::NotUtf8, nullptr},
      {std::string("{\0\"\0", 4) + "\xD8", ErrorCode::NotUtf8, nullptr},
      {nested(17), ErrorCode::TooDeep, nullptr},
      {std::string(60'000, '['), ErrorCode::TooDeep, nullptr},
      {"[]", ErrorCode::NotJsonRpc, nullptr},
      {R"([{"jsonrpc":"2.0","id":1,"method":"m"}])", ErrorCode::NotJsonRpc, nullptr},
      {"1", ErrorCode::NotJsonRpc, nullptr},
      {"null", ErrorCode::NotJsonRpc, nullptr},
      {R"({"id":5,"method":"m"})", ErrorCode::NotJsonRpc, 5},
      {R"({"jsonrpc":2.0,"id":5,"method":"m"})", ErrorCode::NotJsonRpc, 5},
      {R"({"jsonrpc":"2.0","id":5})", ErrorCode::NotJsonRpc, 5},
      {R"({"jsonrpc":"2.0","id":5,"method":7})", ErrorCode::NotJsonRpc, 5},
      {R"({"jsonrpc":"2.0","id":{},"method":"m"})", ErrorCode::NotJsonRpc, nullptr},
      {R"({"jsonrpc":"2.0","id":5,"method":"m","params":[1]})", ErrorCode::NotJsonRpc, 5},
      {R"({"jsonrpc":"2.0","id":5,"method":"m","params":null})", ErrorCode::NotJsonRpc, 5},
  };
  for (const Row& row : rows) {
    CAPTURE(row.line.substr(0, 100));
    try {
      parse_request(row.line);
      FAIL("the line was taken for a request");
    } catch (const RequestFault& fault) {
      CHECK(name(fault.code()) == name(row.code));
      CHECK(fault.id() == row.id);
      CHECK_FALSE(std::string(fault.what()).empty());
      CHECK_FALSE(fault.action().empty());
    }
  }
}

TEST_CASE("Nesting up to the limit is read, and brackets inside text do not count") {
  CHECK_NOTHROW(parse_request(nested(16)));
  CHECK_NOTHROW(parse_request(R"({"jsonrpc":"2.0","method":"[[[[[[[[[[[[[[[[[[[\"[[[["})"));
}

TEST_CASE("An error goes over the wire and comes back as the same error") {
  const Error error(ErrorCode::UnknownMethod, "There is no method \"x\".", "Did you mean \"y\"?");
  const std::string line = error_line(7, error);
  CHECK(line.back() == '\n');
  const json message = json::parse(line);
  CHECK(message["error"]["code"] == -32601);
  CHECK(message["error"]["data"]["code"] == "unknown_method");
  const ServerMessage read = parse_server_message(line);
  REQUIRE(read.response);
  REQUIRE(read.response->error);
  CHECK(read.response->id == 7);
  CHECK(read.response->error->code() == ErrorCode::UnknownMethod);
  CHECK(read.response->error->line() == error.line());
}

TEST_CASE("Ill-formed text in an answer is replaced instead of stopping the answer") {
  const std::string line = result_line(1, {{"file", "bad \xFF name"}});
  CHECK(json::parse(line)["result"]["file"] == "bad \xEF\xBF\xBD name");
}

TEST_CASE("A line break in a value never breaks the line") {
  const std::string line = notification_line("notice", {{"text", "one\ntwo"}});
  CHECK(line.find('\n') == line.size() - 1);
}

TEST_CASE("A client refuses what no service says") {
  for (const char* line :
       {"", "{", "[]", "7", "{}", R"({"jsonrpc":"2.0"})", R"({"jsonrpc":"2.0","method":"status"})",
        R"({"jsonrpc":"2.0","id":1,"error":{}})", R"({"jsonrpc":"2.0","id":1,"error":7})",
        R"({"jsonrpc":"2.0","id":1,"error":{"message":"m","data":7}})"}) {
    CAPTURE(line);
    CHECK_THROWS_AS(parse_server_message(line), Error);
  }
}

}  // namespace
}  // namespace holdfast
