#pragma once

#include <array>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/steady_timer.hpp>

#include "common/protocol/line_buffer.h"
#include "common/protocol/pipe_stream.h"
#include "service/pipe/conversation.h"
#include "service/pipe/limits.h"

namespace holdfast {

class Session;

// What a session needs of the server that it belongs to.
class SessionOwner {
 public:
  SessionOwner() = default;
  SessionOwner(const SessionOwner&) = delete;
  SessionOwner& operator=(const SessionOwner&) = delete;
  virtual ~SessionOwner() = default;

  // Called once, after the first message arrived. Throws Error to refuse the client.
  virtual Caller admit(Session& session, PipeStream& stream) = 0;
  // The session has ended; nothing of it is called afterwards.
  virtual void closed(Session& session) = 0;
};

// One connection: reads lines, answers them in their order, and ends when the client leaves, breaks
// a limit, or is asked to. Lives on the agent's thread.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(PipeStream stream, SessionOwner& owner, const Dispatcher& dispatcher,
          const PipeLimits& limits);

  void start();
  // Queues a line. A client that has let too much pile up is dropped instead.
  void send(std::string line);
  // Ends the connection once what is queued was taken, at the latest after the goodbye deadline.
  void finish();
  // Says why, then finish().
  void refuse(const Error& error);
  // Ends the connection now.
  void drop();

  bool is_subscribed() const { return conversation_.is_subscribed(); }
  bool is_stranger() const { return !caller_; }
  const std::optional<Caller>& caller() const { return caller_; }
  std::chrono::steady_clock::time_point last_heard() const { return last_heard_; }

 private:
  enum class State { Open, Finishing, Closed };

  void read_more();
  void take(std::string_view bytes);
  void take_line(std::string_view line);
  void write_next();

  PipeStream stream_;
  SessionOwner& owner_;
  const PipeLimits& limits_;
  Conversation conversation_;
  LineBuffer incoming_;
  std::array<char, 4096> chunk_{};
  std::deque<std::string> outgoing_;
  std::size_t queued_bytes_ = 0;
  boost::asio::steady_timer hello_timer_;
  boost::asio::steady_timer write_timer_;
  boost::asio::steady_timer goodbye_timer_;
  std::optional<Caller> caller_;
  std::chrono::steady_clock::time_point last_heard_;
  State state_ = State::Open;
};

}  // namespace holdfast
