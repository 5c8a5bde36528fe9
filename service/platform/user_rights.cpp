#include "service/platform/user_rights.h"

#include "common/error.h"

namespace holdfast {
namespace {

thread_local const UserRights* current = nullptr;

}  // namespace

ActingAs::ActingAs(const UserRights* user) : user_(user == current ? nullptr : user) {
  if (user_ == nullptr) return;
  if (current != nullptr) {
    throw Error(ErrorCode::Internal, "Work for one user was to be done for another.",
                "Report this.");
  }
  user_->take_on();
  current = user_;
}

ActingAs::~ActingAs() {
  if (user_ == nullptr) return;
  current = nullptr;
  user_->lay_down();
}

const UserRights* acting_as() noexcept {
  return current;
}

}  // namespace holdfast
