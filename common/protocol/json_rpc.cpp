#include "common/protocol/json_rpc.h"

#include <utility>

#include "common/text.h"

namespace holdfast {
namespace {

using nlohmann::json;

// The numbers of the JSON-RPC 2.0 specification, and for Holdfast's own codes the range it leaves
// to servers. Clients branch on `data.code`; the numbers only keep generic libraries content.
int rpc_number(ErrorCode code) {
  switch (code) {
    case ErrorCode::LineTooLong:
    case ErrorCode::NotUtf8:
    case ErrorCode::NotJson:
    case ErrorCode::TooDeep: return -32700;
    case ErrorCode::NotJsonRpc: return -32600;
    case ErrorCode::UnknownMethod: return -32601;
    case ErrorCode::BadParameters: return -32602;
    case ErrorCode::Internal: return -32603;
    default: return -32000;
  }
}

// How deep brackets nest outside strings. Run before parsing, so that a hostile line builds
// nothing.
int nesting(std::string_view text) {
  int depth = 0;
  int deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return deepest;
}

json parse_json(std::string_view line) {
  if (!is_utf8(line)) {
    throw Error(ErrorCode::NotUtf8, "The message is not UTF-8.", "Encode messages as UTF-8.");
  }
  if (nesting(line) > kMaxJsonDepth) {
    throw Error(ErrorCode::TooDeep,
                "The message nests deeper than " + std::to_string(kMaxJsonDepth) + " levels.",
                "Send flatter parameters.");
  }
  json message = json::parse(line, nullptr, false);
  if (message.is_discarded()) {
    throw Error(ErrorCode::NotJson, "The message is not JSON.",
                "Send one JSON-RPC 2.0 object on each line.");
  }
  return message;
}

Error not_json_rpc(const std::string& fault) {
  return {ErrorCode::NotJsonRpc, "The message is not a JSON-RPC 2.0 request: " + fault + ".",
          R"(Send {"jsonrpc": "2.0", "id": 1, "method": "status"} or the like.)"};
}

bool is_id(const json& value) {
  return value.is_string() || value.is_number() || value.is_null();
}

Request request_from(const json& message) {
  if (message.is_array()) throw not_json_rpc("batches are not supported");
  if (!message.is_object()) throw not_json_rpc("it is not an object");
  if (message.value("jsonrpc", json()) != "2.0") throw not_json_rpc(R"("jsonrpc" is not "2.0")");
  Request request;
  if (message.contains("id")) {
    if (!is_id(message["id"])) throw not_json_rpc(R"("id" is neither text, number nor null)");
    request.id = message["id"];
  }
  const json method = message.value("method", json());
  if (!method.is_string()) throw not_json_rpc(R"("method" is missing or not text)");
  request.method = method.get<std::string>();
  if (message.contains("params")) request.params = message["params"];
  if (!request.params.is_object()) throw not_json_rpc(R"("params" is not an object)");
  return request;
}

std::string line_of(const json& message) {
  // Text that came from outside (a file name, say) may be ill-formed; it must not stop an answer.
  return message.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

// Only a client itself can tell that it does not reach the service.
bool is_of_client(ErrorCode code) {
  return code == ErrorCode::Usage || code == ErrorCode::ServiceUnreachable ||
         code == ErrorCode::ServiceRefused || code == ErrorCode::ServiceUntrusted ||
         code == ErrorCode::TimedOut || code == ErrorCode::OutputFailed;
}

// A code that this program does not know reads as Internal; sentence and action still tell.
Error error_from(const json& error) {
  const json data = error.value("data", json::object());
  const auto code = code_named(data.value("code", ""));
  return {code && !is_of_client(*code) ? *code : ErrorCode::Internal,
          error.at("message").get<std::string>(), data.value("action", "")};
}

}  // namespace

Request parse_request(std::string_view line) {
  json id = nullptr;
  try {
    const json message = parse_json(line);
    if (message.is_object() && message.contains("id") && is_id(message["id"])) id = message["id"];
    return request_from(message);
  } catch (const Error& error) {
    throw RequestFault(error, std::move(id));
  }
}

ServerMessage parse_server_message(std::string_view line) {
  const json message = parse_json(line);
  try {
    if (message.contains("method")) {
      return {.notification = Notification{message.at("method"), message.at("params")}};
    }
    Response response{.id = message.at("id"), .result = message.value("result", json())};
    if (message.contains("error")) response.error = error_from(message["error"]);
    return {.response = std::move(response)};
  } catch (const json::exception&) {
    throw Error(ErrorCode::NotJsonRpc, "The service sent a message that is not JSON-RPC 2.0.",
                "Install the same version of all Holdfast programs.");
  }
}

std::string request_line(std::uint64_t id, std::string_view method, const json& params) {
  return line_of({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}});
}

std::string result_line(const json& id, const json& result) {
  return line_of({{"jsonrpc", "2.0"}, {"id", id}, {"result", result}});
}

std::string error_line(const json& id, const Error& error) {
  return line_of({{"jsonrpc", "2.0"},
                  {"id", id},
                  {"error",
                   {{"code", rpc_number(error.code())},
                    {"message", error.what()},
                    {"data", {{"code", name(error.code())}, {"action", error.action()}}}}}});
}

std::string notification_line(std::string_view method, const json& params) {
  return line_of({{"jsonrpc", "2.0"}, {"method", method}, {"params", params}});
}

json error_json(const Error& error) {
  return {{"code", name(error.code())}, {"message", error.what()}, {"action", error.action()}};
}

}  // namespace holdfast
