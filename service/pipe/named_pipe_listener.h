#pragma once

#include <memory>
#include <set>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "common/unique_handle.h"
#include "service/pipe/listener.h"

namespace holdfast {

// Who may open the pipe. Administrators come before the refusal of network log-ons, so that remote
// management (a PowerShell session, say) reaches the service; pipes are never reachable from
// another computer. 0x12019b is reading and writing without the right to create an instance.
constexpr const char* kServicePipeSddl =
    "O:SYG:SYD:P(A;;GA;;;SY)(A;;0x12019b;;;BA)(D;;GA;;;NU)(D;;GA;;;AN)(A;;0x12019b;;;IU)";
// In a console the owner is an administrator, who cannot make SYSTEM the owner.
constexpr const char* kConsolePipeSddl =
    "O:BAG:BAD:P(A;;GA;;;SY)(A;;GA;;;BA)(D;;GA;;;NU)(D;;GA;;;AN)(A;;0x12019b;;;IU)";

class NamedPipeListener final : public Listener {
 public:
  NamedPipeListener(boost::asio::io_context& io, std::string pipe_name, std::string sddl);

  void start(OnClient on_client) override;
  void stop() override;
  Caller identify(PipeStream& stream) override;

 private:
  enum class Instance { First, Further };

  FileHandle create_first() const;
  FileHandle create(Instance instance) const;
  void await_client(FileHandle instance);
  void replenish();

  boost::asio::io_context& io_;
  const std::string pipe_name_;
  const std::string sddl_;
  OnClient on_client_;
  std::set<std::shared_ptr<PipeStream>> waiting_;
  boost::asio::steady_timer retry_timer_;
  bool stopped_ = false;
};

}  // namespace holdfast
