#pragma once

// For headers that only pass it on: whoever includes them need not read all of Asio, which takes
// the compiler longer than most sources do.
namespace boost::asio {
class io_context;
}
