#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "service/pipe/caller.h"

namespace holdfast {

struct Call {
  const nlohmann::json& params;
  const Caller& caller;
};

// The methods that the service offers, by name. Runs on the agent's thread.
class Dispatcher {
 public:
  // Answers with the result, or throws Error.
  using Handler = std::function<nlohmann::json(const Call&)>;

  void add(std::string_view method, Handler handler);

  // Throws Error(UnknownMethod) with the closest method that there is.
  nlohmann::json dispatch(std::string_view method, const Call& call) const;

  std::vector<std::string_view> methods() const;

 private:
  std::map<std::string, Handler, std::less<>> handlers_;
};

}  // namespace holdfast
