#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/error.h"
#include "service/pipe/caller.h"

namespace holdfast {

// Both live only as long as the handler runs.
struct Call {
  const nlohmann::json& params;
  const Caller& caller;
};

// Answers one request: one of the two is called, once, on the agent's thread. The client may have
// left by then.
struct Reply {
  std::function<void(const nlohmann::json& result)> with;
  std::function<void(const Error& error)> fail;
};

// The methods that the service offers, by name. Runs on the agent's thread.
class Dispatcher {
 public:
  // Answers with the result, or throws Error.
  using Handler = std::function<nlohmann::json(const Call&)>;
  // Answers when it knows; until then other requests are answered. What it throws is the answer.
  using LateHandler = std::function<void(const Call&, const Reply&)>;

  void add(std::string_view method, Handler handler);
  void add_late(std::string_view method, LateHandler handler);

  // Throws Error(UnknownMethod) with the closest method that there is.
  void dispatch(std::string_view method, const Call& call, const Reply& reply) const;

  std::vector<std::string_view> methods() const;

 private:
  std::map<std::string, LateHandler, std::less<>> handlers_;
};

}  // namespace holdfast
