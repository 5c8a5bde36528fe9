#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "common/error.h"

namespace holdfast {

// JSON-RPC 2.0, one message a line. Lines are built and read here and nowhere else.

// Deeper nesting is refused before anything is built from it.
constexpr int kMaxJsonDepth = 16;

struct Request {
  // Absent in a notification, which is carried out and never answered.
  std::optional<nlohmann::json> id;
  std::string method;
  nlohmann::json params = nlohmann::json::object();
};

// A line that is no request. Carries the id of the sender's message where one could be read.
class RequestFault : public Error {
 public:
  RequestFault(const Error& error, nlohmann::json id) : Error(error), id_(std::move(id)) {}
  const nlohmann::json& id() const { return id_; }

 private:
  nlohmann::json id_;
};

struct Notification {
  std::string method;
  nlohmann::json params;
};

struct Response {
  nlohmann::json id;
  nlohmann::json result;
  std::optional<Error> error;
};

// Throws RequestFault.
Request parse_request(std::string_view line);

// What a service sent: a response or a notification. Throws Error when it is neither.
struct ServerMessage {
  std::optional<Response> response;
  std::optional<Notification> notification;
};
ServerMessage parse_server_message(std::string_view line);

// Each ends in its line feed.
std::string request_line(std::uint64_t id, std::string_view method, const nlohmann::json& params);
std::string result_line(const nlohmann::json& id, const nlohmann::json& result);
std::string error_line(const nlohmann::json& id, const Error& error);
std::string notification_line(std::string_view method, const nlohmann::json& params);

// The error as the protocol and `--json` show it: code, message, action.
nlohmann::json error_json(const Error& error);

}  // namespace holdfast
