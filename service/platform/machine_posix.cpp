#include <pwd.h>
#include <unistd.h>

#include <array>

#include "service/platform/machine.h"

namespace holdfast {

LetterCase path_letter_case() {
  return LetterCase::Matters;
}

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "unknown";
  return name.data();
}

std::string user_name() {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  ::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found);
  return found == nullptr ? "unknown" : found->pw_name;
}

}  // namespace holdfast
