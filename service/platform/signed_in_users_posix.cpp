#include "service/platform/known_folders.h"
#include "service/platform/machine.h"
#include "service/platform/signed_in_users.h"

namespace holdfast {

std::vector<SignedInUser> signed_in_users() {
  return {};
}

SignedInUser this_user() {
  return {.sid = user_name(), .name = user_name(), .folders = own_folders(), .rights = nullptr};
}

std::string profile_name(const std::string& sid) {
  return sid;
}

std::string profile_owner(const std::string&) {
  return {};
}

}  // namespace holdfast
