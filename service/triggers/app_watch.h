#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "service/platform/machine.h"

namespace holdfast {

// The triggers "app_starts" and "app_closes": tells from look to look which programs started, and
// which have ended. A program runs as long as one of its processes does, and one that was ended and
// started again between two looks went on. Pure.
class AppWatch {
 public:
  explicit AppWatch(LetterCase letter_case);

  struct Seen {
    std::vector<std::string> started;
    std::vector<std::string> closed;
  };
  // `running` are the names of all running programs, `watched` are those to tell of; ".exe" may be
  // missing in either. What is watched may change from look to look. The first look tells nothing.
  Seen look(const std::set<std::string>& running, std::span<const std::string> watched);

 private:
  std::string same_name(std::string name) const;

  const LetterCase letter_case_;
  std::optional<std::set<std::string>> before_;
};

}  // namespace holdfast
