#pragma once

#include <stdexcept>
#include <string>

#include <boost/asio/io_context.hpp>

#include "common/error.h"
#include "service/pipe/listener.h"
#include "tests/support/connected_pair.h"

namespace holdfast {

// A listener whose clients are in this process. Each test says who its next clients are.
class LocalListener final : public Listener {
 public:
  explicit LocalListener(boost::asio::io_context& io) : io_(io) {}

  void start(OnClient on_client) override;
  void stop() override { on_client_ = nullptr; }
  Caller identify(PipeStream& stream) override;

  // From any thread: a client connects. Returns its end; the caller owns it.
  NativePipe connect();

  std::string next_user = "S-1-5-21-1";
  bool is_administrator = false;
  bool identification_fails = false;

 private:
  boost::asio::io_context& io_;
  OnClient on_client_;
};

}  // namespace holdfast
