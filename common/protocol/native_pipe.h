#pragma once

namespace holdfast {

// What the system calls an open end of a connection between the service and a client.
#ifdef _WIN32
using NativePipe = void*;
#else
using NativePipe = int;
#endif

}  // namespace holdfast
