#pragma once

#include <cstdint>
#include <string>

namespace holdfast {

// Who is at the other end of a connection, read once from the client's token.
struct Caller {
  std::string user_sid;
  std::uint32_t session_id = 0;
  bool is_elevated_administrator = false;
};

}  // namespace holdfast
