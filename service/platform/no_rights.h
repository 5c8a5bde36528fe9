#pragma once

#include <string>
#include <utility>

#include "common/error.h"
#include "service/platform/user_rights.h"

namespace holdfast {

// Those of nobody: whatever is to be done with them is refused, and told why.
class NoRights final : public UserRights {
 public:
  explicit NoRights(std::string why) : why_(std::move(why)) {}

 private:
  void take_on() const override { throw Error(ErrorCode::AccessDenied, why_, ""); }
  void lay_down() const noexcept override {}

  const std::string why_;
};

}  // namespace holdfast
