#include "service/pipe/conversation.h"

#include <version.h>

#include <spdlog/spdlog.h>

#include "common/protocol/messages.h"

namespace holdfast {

using nlohmann::json;

Answer Conversation::answer(std::string_view line, const Caller& caller) {
  json id = nullptr;
  try {
    const Request request = parse_request(line);
    if (request.id) id = *request.id;
    const json result = result_of(request, caller);
    return {.line = request.id ? result_line(id, result) : std::string()};
  } catch (const RequestFault& fault) {
    return {.line = error_line(fault.id(), fault)};
  } catch (const Error& error) {
    const bool final = error.code() == ErrorCode::ProtocolUnsupported;
    return {.line = error_line(id, error), .next = final ? AfterAnswer::Close : AfterAnswer::GoOn};
  } catch (const std::exception& surprise) {
    spdlog::error("A request failed for a reason that was not foreseen: {}", surprise.what());
    return {.line = error_line(id, {ErrorCode::Internal, "The request failed inside the service.",
                                    "See the service's log, and report this."})};
  }
}

json Conversation::result_of(const Request& request, const Caller& caller) {
  if (request.method == method::kHello) return hello(request.params);
  if (!greeted_) {
    throw Error(
        ErrorCode::HelloFirst, "The first message was not hello.",
        R"(Send {"jsonrpc": "2.0", "id": 1, "method": "hello", "params": {"protocol": 1}}.)");
  }
  // A subscriber is first told how things stand, then each change.
  const bool subscribes = request.method == method::kSubscribe;
  const std::string_view method = subscribes ? method::kStatus : std::string_view(request.method);
  json result = dispatcher_.dispatch(method, {request.params, caller});
  if (subscribes) subscribed_ = true;
  return result;
}

json Conversation::hello(const json& params) {
  const auto protocol = params.find("protocol");
  if (protocol == params.end() || !protocol->is_number_integer()) {
    throw Error(ErrorCode::BadParameters, "hello needs the number \"protocol\".",
                R"(Send "params": {"protocol": 1}.)");
  }
  if (*protocol != kProtocolVersion) {
    throw Error(ErrorCode::ProtocolUnsupported,
                "This service speaks protocol " + std::to_string(kProtocolVersion) + ", not " +
                    protocol->dump() + ".",
                "Install the same version of all Holdfast programs.");
  }
  greeted_ = true;
  return {{"protocol", kProtocolVersion}, {"service", HOLDFAST_VERSION}};
}

}  // namespace holdfast
