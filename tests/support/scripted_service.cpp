#include "tests/support/scripted_service.h"

#include <unistd.h>

#include <chrono>
#include <utility>

#include <sys/socket.h>

#include "common/error.h"
#include "common/protocol/json_rpc.h"
#include "common/protocol/messages.h"

namespace holdfast {

using nlohmann::json;

ScriptedService::ScriptedService(Script script)
    : pair_(connected_pair()), thread_([this, script = std::move(script)] {
        script(*this);
        ::close(pair_.service);
      }) {}

json ScriptedService::receive() {
  std::string line;
  for (char byte = 0; ::read(pair_.service, &byte, 1) == 1 && byte != '\n';) line += byte;
  return line.empty() ? json() : json::parse(line);
}

void ScriptedService::send(const std::string& bytes) {
  // A client that has left must not end the test with a signal.
  [[maybe_unused]] const auto sent =
      ::send(pair_.service, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

void ScriptedService::answer(const json& result) {
  const json question = receive();
  if (!question.is_null()) send(result_line(question.at("id"), result));
}

void ScriptedService::greet() {
  answer({{"protocol", kProtocolVersion}, {"service", "1.2.3"}});
}

void ScriptedService::wait_until_client_leaves() {
  while (!receive().is_null()) {
  }
}

std::unique_ptr<ServiceConnection> ScriptedServices::connect() {
  if (scripts_.empty()) throw Error(ErrorCode::ServiceUnreachable, "It is not there.", "");
  const ScriptedService& service = services_.emplace_back(std::move(scripts_.front()));
  scripts_.pop_front();
  return std::make_unique<ServiceConnection>(service.client_end(), "test", std::chrono::seconds(5));
}

}  // namespace holdfast
