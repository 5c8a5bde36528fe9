#pragma once

#include <windows.h>

#include <string>

#include "common/unique_handle.h"

namespace holdfast {

// A security descriptor read from its SDDL text, for as long as it lives. Throws Error.
class SecurityDescriptor {
 public:
  explicit SecurityDescriptor(const std::string& sddl);

  SECURITY_ATTRIBUTES attributes() const;
  // Points into this object. Null when the text names none.
  ACL* dacl() const;

 private:
  LocalMemory descriptor_;
};

}  // namespace holdfast
