#include "common/protocol/line_buffer.h"

#include "common/error.h"

namespace holdfast {

std::optional<std::string> LineBuffer::next_line() {
  const std::size_t end = bytes_.find('\n', searched_);
  const std::size_t length = end == std::string::npos ? bytes_.size() : end;
  if (length > max_line_bytes_) {
    throw Error(ErrorCode::LineTooLong,
                "The message is longer than " + std::to_string(max_line_bytes_) + " bytes.",
                "Send smaller messages, each on one line that ends in a line feed.");
  }
  if (end == std::string::npos) {
    searched_ = bytes_.size();
    return std::nullopt;
  }
  std::string line = bytes_.substr(0, end);
  bytes_.erase(0, end + 1);
  searched_ = 0;
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

}  // namespace holdfast
