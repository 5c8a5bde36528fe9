#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast {

// Cuts a byte stream into lines. Holds at most one unfinished line of `max_line_bytes` beyond what
// was appended last.
class LineBuffer {
 public:
  explicit LineBuffer(std::size_t max_line_bytes) : max_line_bytes_(max_line_bytes) {}

  void append(std::string_view bytes) { bytes_ += bytes; }

  // The next whole line without its "\n" or "\r\n", or nothing while it has not arrived. Throws
  // Error(LineTooLong) as soon as a line cannot end within the limit; the stream is then lost.
  std::optional<std::string> next_line();

 private:
  std::size_t max_line_bytes_;
  std::string bytes_;
  std::size_t searched_ = 0;  // no line end stands before this place
};

}  // namespace holdfast
