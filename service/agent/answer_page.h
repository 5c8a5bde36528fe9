#pragma once

#include <cstddef>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/protocol/messages.h"

namespace holdfast {

// As much of a list as one answer has room for.
struct AnswerPage {
  nlohmann::json items = nlohmann::json::array();
  bool has_more = false;
  std::size_t bytes = 0;

  // Whether it was taken; once one was not, no other is. The first always is, so that every page
  // leads on.
  bool add(nlohmann::json item) {
    // The frame around them takes the rest of the line.
    constexpr std::size_t kMostBytes = kMaxLineBytes - 4096;
    // Names of files may be no text.
    bytes += item.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).size() + 1;
    has_more = has_more || (!items.empty() && bytes > kMostBytes);
    if (!has_more) items.push_back(std::move(item));
    return !has_more;
  }
};

}  // namespace holdfast
