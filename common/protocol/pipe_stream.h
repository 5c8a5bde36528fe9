#pragma once

#include <boost/asio/io_context.hpp>

#ifdef _WIN32
#include <boost/asio/windows/stream_handle.hpp>
#else
#include <boost/asio/posix/stream_descriptor.hpp>
#endif

namespace holdfast {

// One end of a connection between the service and a client: a named pipe on Windows. Elsewhere any
// descriptor, so that the same session and client code runs natively under the sanitizers.
#ifdef _WIN32
using PipeStream = boost::asio::windows::stream_handle;
#else
using PipeStream = boost::asio::posix::stream_descriptor;
#endif

}  // namespace holdfast
