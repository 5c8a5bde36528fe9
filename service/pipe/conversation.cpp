#include "service/pipe/conversation.h"

#include <version.h>

#include <memory>
#include <optional>
#include <utility>

#include <spdlog/spdlog.h>

#include "common/protocol/messages.h"

namespace holdfast {

using nlohmann::json;

namespace {

constexpr int kMostOpenRequests = 64;

// What the client is told; the reason stays here.
Error unforeseen(const std::exception& surprise) {
  spdlog::error("A request failed for a reason that was not foreseen: {}", surprise.what());
  return {ErrorCode::Internal, "The request failed inside the service.",
          "See the service's log, and report this."};
}

// Is answered once: with what came of it, or that it was given up. A notification has no id and is
// never answered, whatever became of it.
class OpenRequest {
 public:
  OpenRequest(std::optional<json> id, Conversation::Say say, std::shared_ptr<int> count)
      : id_(std::move(id)), say_(std::move(say)), count_(std::move(count)) {
    ++*count_;
  }
  OpenRequest(const OpenRequest&) = delete;
  OpenRequest& operator=(const OpenRequest&) = delete;
  ~OpenRequest() {
    try {
      answer([](const json& id) {
        return error_line(id, {ErrorCode::Cancelled, "The request was given up by the service.",
                               "Try again once it has started anew."});
      });
    } catch (const std::exception& surprise) {
      spdlog::error("A request could not be answered: {}", surprise.what());
    }
  }

  template <typename LineFor>
  void answer(LineFor line_for) {
    if (std::exchange(is_answered_, true)) return;
    --*count_;
    if (id_) say_(line_for(*id_));
  }

 private:
  std::optional<json> id_;
  Conversation::Say say_;
  std::shared_ptr<int> count_;
  bool is_answered_ = false;
};

}  // namespace

AfterAnswer Conversation::answer(std::string_view line, const Caller& caller, const Say& say) {
  try {
    return answer_request(parse_request(line), caller, say);
  } catch (const RequestFault& fault) {
    say(error_line(fault.id(), fault));
  } catch (const std::exception& surprise) {
    say(error_line(nullptr, unforeseen(surprise)));
  }
  return AfterAnswer::GoOn;
}

AfterAnswer Conversation::answer_request(const Request& request, const Caller& caller,
                                         const Say& say) {
  const Reply reply = reply_to(request, say);
  try {
    carry_out(request, caller, reply);
  } catch (const Error& error) {
    reply.fail(error);
    if (error.code() == ErrorCode::ProtocolUnsupported) return AfterAnswer::Close;
  } catch (const std::exception& surprise) {
    reply.fail(unforeseen(surprise));
  }
  return AfterAnswer::GoOn;
}

Reply Conversation::reply_to(const Request& request, const Say& say) {
  const auto open = std::make_shared<OpenRequest>(request.id, say, open_requests_);
  return {.with =
              [open](const json& result) {
                open->answer([&](const json& id) { return result_line(id, result); });
              },
          .fail =
              [open](const Error& error) {
                open->answer([&](const json& id) { return error_line(id, error); });
              }};
}

void Conversation::carry_out(const Request& request, const Caller& caller, const Reply& reply) {
  if (request.method == method::kHello) return reply.with(hello(request.params));
  if (!greeted_) {
    throw Error(
        ErrorCode::HelloFirst, "The first message was not hello.",
        R"(Send {"jsonrpc": "2.0", "id": 1, "method": "hello", "params": {"protocol": 1}}.)");
  }
  if (*open_requests_ > kMostOpenRequests) {
    throw Error(ErrorCode::TooManyRequests,
                "Too many requests of this connection are not answered yet.",
                "Wait for an answer before the next request.");
  }
  // A subscriber is first told how things stand, then each change.
  const bool subscribes = request.method == method::kSubscribe;
  const std::string_view method = subscribes ? method::kStatus : std::string_view(request.method);
  dispatcher_.dispatch(method, {request.params, caller}, reply);
  if (subscribes) subscribed_ = true;
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
