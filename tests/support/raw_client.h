#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>
#include <nlohmann/json.hpp>

#include "common/protocol/line_buffer.h"
#include "common/protocol/pipe_stream.h"

namespace holdfast {

// A client that sends whatever bytes a test wants, sharing the service's io_context: both ends run
// on the test's one thread.
class RawClient {
 public:
  RawClient(boost::asio::io_context& io, NativePipe pipe)
      : io_(io), stream_(io, pipe), lines_(64 * 1024 * 1024) {
    read_more();
  }

  void send(const std::string& bytes) {
    bool sent = false;
    boost::asio::async_write(stream_, boost::asio::buffer(bytes),
                             [&](boost::system::error_code, std::size_t) { sent = true; });
    run_until([&] { return sent; });
  }

  // The next line as JSON, or null when the service closed the connection or says nothing.
  nlohmann::json next() {
    std::optional<std::string> line;
    run_until([&] { return (line = lines_.next_line()) || ended_; });
    return line ? nlohmann::json::parse(*line) : nlohmann::json();
  }

  nlohmann::json ask(const std::string& line) {
    send(line + "\n");
    return next();
  }

  // Asks and returns the whole answer; what the service tells by itself meanwhile is kept in
  // `told`.
  nlohmann::json call(std::string_view method,
                      const nlohmann::json& params = nlohmann::json::object()) {
    const int id = ++last_id_;
    send(nlohmann::json{{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}}
             .dump() +
         "\n");
    for (;;) {
      nlohmann::json message = next();
      if (message.is_null() || message.value("id", nlohmann::json()) == id) return message;
      told.push_back(std::move(message));
    }
  }

  std::vector<nlohmann::json> told;

  bool is_closed_by_service() {
    run_until([&] { return ended_; });
    return ended_;
  }

  void stop_reading() { reading_ = false; }
  void leave() { stream_.close(); }

 private:
  template <typename Done>
  void run_until(Done done) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!done()) {
      io_.restart();
      if (io_.run_one_until(end) == 0) return;
    }
  }

  void read_more() {
    stream_.async_read_some(boost::asio::buffer(chunk_),
                            [this](boost::system::error_code failure, std::size_t length) {
                              if (failure == boost::asio::error::operation_aborted) return;
                              if (failure) {
                                ended_ = true;
                                return;
                              }
                              lines_.append({chunk_.data(), length});
                              if (reading_) read_more();
                            });
  }

  boost::asio::io_context& io_;
  PipeStream stream_;
  LineBuffer lines_;
  std::array<char, 64 * 1024> chunk_{};
  bool reading_ = true;
  bool ended_ = false;
  int last_id_ = 1000;
};

constexpr const char* kHelloLine =
    R"({"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":1}})";
constexpr const char* kStatusLine = R"({"jsonrpc":"2.0","id":2,"method":"status"})";
constexpr const char* kSubscribeLine = R"({"jsonrpc":"2.0","id":3,"method":"subscribe"})";

}  // namespace holdfast
