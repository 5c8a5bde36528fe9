#include "service/host/console_host.h"

#include <version.h>

#include <csignal>
#include <ostream>

#include <boost/asio/signal_set.hpp>

#include "service/host/agent_host.h"

namespace holdfast {

void run_in_console(std::ostream& out) {
  AgentHost host;
  // Closing the window arrives as SIGBREAK too, but Windows then ends the process without waiting.
  boost::asio::signal_set signals(host.io(), SIGINT, SIGTERM, SIGBREAK);
  signals.async_wait([&host](const boost::system::error_code& failure, int) {
    if (!failure) host.stop(StopReason::Requested);
  });
  host.run(HostMode::Console, [&out] {
    out << "Holdfast " HOLDFAST_VERSION " is running in this console. Ctrl+C stops it.\n"
        << std::flush;
  });
}

}  // namespace holdfast
