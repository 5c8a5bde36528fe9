#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "service/config/path_tokens.h"
#include "service/platform/user_rights.h"

namespace holdfast {

struct SignedInUser {
  std::string sid;
  std::string name;  // of the folder that this user's files are in: "anna"
  std::uint32_t session = 0;
  KnownFolders folders;                      // of this user and of the machine
  std::shared_ptr<const UserRights> rights;  // null for the user that this process runs as
  // Why nothing can be done for this user, who is here all the same; a sentence. There are neither
  // folders nor rights then.
  std::string fault;

  // Rights are had anew each time somebody looks.
  bool operator==(const SignedInUser& other) const {
    return sid == other.sid && name == other.name && session == other.session &&
           folders == other.folders && fault == other.fault;
  }
};

// Who has a session on this machine, at its screen or from afar, each once. Only the service itself
// may ask. Whoever cannot be acted for is told with the reason.
std::vector<SignedInUser> signed_in_users();
// The user that this process runs as.
SignedInUser this_user();

// The name of the folder that the user's files are in, which no two users of a machine share; the
// SID itself where there is none.
std::string profile_name(const std::string& sid);
// The SID of the user in whose own folder the path lies, as it is written; empty for what lies in
// nobody's, or begins with a token.
std::string profile_owner(const std::string& path);

}  // namespace holdfast
