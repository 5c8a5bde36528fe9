#pragma once

#include <windows.h>

#include <string>

namespace holdfast {

// Security identifiers in their text form, "S-1-5-18".
constexpr const char* kSystemSid = "S-1-5-18";
constexpr const char* kAdministratorsSid = "S-1-5-32-544";

std::string sid_text(PSID sid);

// The user whom a token speaks for. Throws Error.
std::string token_user_sid(HANDLE token);
// The account that this process runs as. Throws Error.
std::string process_user_sid();

// Whether an impersonation token's user, or with nullptr this thread's, acts as an administrator:
// elevated, not only a member of the group.
bool is_administrator(HANDLE impersonation_token);

enum class SecuredObject { File, Pipe };
// Who owns what an open handle refers to (it needs READ_CONTROL); empty when that cannot be
// told.
std::string owner_sid(HANDLE object, SecuredObject kind);

}  // namespace holdfast
