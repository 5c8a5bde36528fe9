#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "common/error.h"

namespace holdfast {

// What came of a question to the service: the result, or why there is none.
struct ServiceAnswer {
  nlohmann::json result;
  std::optional<Error> failure;
};

// Asks the service and returns at once; `then` is called later, on the thread that asked.
using AskService = std::function<void(std::string_view method, nlohmann::json params,
                                      std::function<void(const ServiceAnswer&)> then)>;

// Asks for all pages of a list and tells it in one piece, under the list's own name.
void ask_for_all(const AskService& ask, std::string_view method, const std::string& list,
                 std::function<void(const ServiceAnswer&)> then);

}  // namespace holdfast
