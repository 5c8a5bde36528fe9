#include "service/platform/security_descriptor.h"

#include <sddl.h>

#include "common/utf16.h"
#include "common/windows_error.h"

namespace holdfast {

SecurityDescriptor::SecurityDescriptor(const std::string& sddl) {
  if (!::ConvertStringSecurityDescriptorToSecurityDescriptorW(
          to_utf16(sddl).c_str(), SDDL_REVISION_1, descriptor_.put(), nullptr)) {
    throw windows_error("Cannot read the security descriptor " + sddl, ::GetLastError(), "");
  }
}

SECURITY_ATTRIBUTES SecurityDescriptor::attributes() const {
  return {.nLength = sizeof(SECURITY_ATTRIBUTES),
          .lpSecurityDescriptor = descriptor_.get(),
          .bInheritHandle = FALSE};
}

ACL* SecurityDescriptor::dacl() const {
  BOOL present = FALSE;
  BOOL defaulted = FALSE;
  ACL* dacl = nullptr;
  ::GetSecurityDescriptorDacl(descriptor_.get(), &present, &dacl, &defaulted);
  return present ? dacl : nullptr;
}

}  // namespace holdfast
