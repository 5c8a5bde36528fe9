#include "service/platform/file_holders.h"

#include <fmt/format.h>

#include "common/text.h"

namespace holdfast {

std::string holders_text(const std::vector<FileHolder>& holders) {
  std::string text;
  for (std::size_t i = 0; i < holders.size(); ++i) {
    if (i > 0) text += i + 1 == holders.size() ? " and " : ", ";
    text += fmt::format("{} ({})", one_line(holders[i].program, 60), holders[i].process_id);
  }
  return text;
}

}  // namespace holdfast
