#include "service/pipe/conversation.h"

#include <version.h>

#include <spdlog/spdlog.h>

#include "common/protocol/messages.h"

namespace holdfast {

using nlohmann::json;

namespace {

// What the client is told; the reason stays here.
Error unforeseen(const std::exception& surprise) {
  spdlog::error("A request failed for a reason that was not foreseen: {}", surprise.what());
  return {ErrorCode::Internal, "The request failed inside the service.",
          "See the service's log, and report this."};
}

}  // namespace

Answer Conversation::answer(std::string_view line, const Caller& caller) {
  try {
    return answer_request(parse_request(line), caller);
  } catch (const RequestFault& fault) {
    return {.line = error_line(fault.id(), fault)};
  } catch (const std::exception& surprise) {
    return {.line = error_line(nullptr, unforeseen(surprise))};
  }
}

Answer Conversation::answer_request(const Request& request, const Caller& caller) {
  Answer answer;
  try {
    answer.line = result_line(request.id.value_or(nullptr), result_of(request, caller));
  } catch (const Error& error) {
    answer.line = error_line(request.id.value_or(nullptr), error);
    if (error.code() == ErrorCode::ProtocolUnsupported) answer.next = AfterAnswer::Close;
  } catch (const std::exception& surprise) {
    answer.line = error_line(request.id.value_or(nullptr), unforeseen(surprise));
  }
  // A notification is never answered, whatever became of it.
  if (!request.id) answer.line.clear();
  return answer;
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
