#include "common/windows_identity.h"

#include <aclapi.h>
#include <sddl.h>

#include <vector>

#include "common/unique_handle.h"
#include "common/utf16.h"
#include "common/windows_error.h"

namespace holdfast {

std::string sid_text(PSID sid) {
  wchar_t* text = nullptr;
  if (!::ConvertSidToStringSidW(sid, &text)) {
    throw windows_error("Cannot read a security identifier", ::GetLastError(), "");
  }
  const LocalMemory owner(text);
  return to_utf8(text);
}

std::string token_user_sid(HANDLE token) {
  DWORD size = 0;
  ::GetTokenInformation(token, TokenUser, nullptr, 0, &size);
  std::vector<std::byte> buffer(size);
  if (!::GetTokenInformation(token, TokenUser, buffer.data(), size, &size)) {
    throw windows_error("Cannot tell whom a token speaks for", ::GetLastError(), "");
  }
  return sid_text(reinterpret_cast<const TOKEN_USER*>(buffer.data())->User.Sid);
}

std::string process_user_sid() {
  KernelHandle token;
  if (!::OpenProcessToken(::GetCurrentProcess(), TOKEN_QUERY, token.put())) {
    throw windows_error("Cannot open this process's token", ::GetLastError(), "");
  }
  return token_user_sid(token.get());
}

bool is_administrator(HANDLE token) {
  SID_IDENTIFIER_AUTHORITY authority = SECURITY_NT_AUTHORITY;
  PSID administrators = nullptr;
  if (!::AllocateAndInitializeSid(&authority, 2, SECURITY_BUILTIN_DOMAIN_RID,
                                  DOMAIN_ALIAS_RID_ADMINS, 0, 0, 0, 0, 0, 0, &administrators)) {
    return false;
  }
  BOOL member = FALSE;
  const BOOL told = ::CheckTokenMembership(token, administrators, &member);
  ::FreeSid(administrators);
  return told && member;
}

std::string owner_sid(HANDLE object, SecuredObject kind) {
  const SE_OBJECT_TYPE type = kind == SecuredObject::File ? SE_FILE_OBJECT : SE_KERNEL_OBJECT;
  PSID owner = nullptr;
  LocalMemory descriptor;
  const DWORD failure = ::GetSecurityInfo(object, type, OWNER_SECURITY_INFORMATION, &owner, nullptr,
                                          nullptr, nullptr, descriptor.put());
  if (failure != ERROR_SUCCESS || owner == nullptr) return {};
  return sid_text(owner);
}

}  // namespace holdfast
