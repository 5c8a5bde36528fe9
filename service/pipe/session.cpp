#include "service/pipe/session.h"

#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

namespace holdfast {

namespace asio = boost::asio;
using boost::system::error_code;

Session::Session(PipeStream stream, SessionOwner& owner, const Dispatcher& dispatcher,
                 const PipeLimits& limits)
    : stream_(std::move(stream)),
      owner_(owner),
      limits_(limits),
      conversation_(dispatcher),
      incoming_(limits.max_line_bytes),
      hello_timer_(stream_.get_executor()),
      write_timer_(stream_.get_executor()),
      goodbye_timer_(stream_.get_executor()),
      last_heard_(std::chrono::steady_clock::now()) {}

void Session::start() {
  hello_timer_.expires_after(limits_.hello_deadline);
  hello_timer_.async_wait([self = shared_from_this()](error_code failure) {
    if (failure || self->conversation_.has_greeted()) return;
    self->refuse({ErrorCode::HelloLate, "No hello came in time.",
                  "Send hello as the first message, right after connecting."});
  });
  read_more();
}

void Session::read_more() {
  stream_.async_read_some(asio::buffer(chunk_),
                          [self = shared_from_this()](error_code failure, std::size_t length) {
                            if (self->state_ == State::Closed) return;
                            if (failure) return self->drop();
                            // What still arrives while the connection is being ended is read, so
                            // that the client can get to its last message, and thrown away.
                            if (self->state_ == State::Open)
                              self->take({self->chunk_.data(), length});
                            if (self->state_ != State::Closed) self->read_more();
                          });
}

// The one place where a session's failures end: whatever the client sent, it is told and closed.
void Session::take(std::string_view bytes) {
  last_heard_ = std::chrono::steady_clock::now();
  try {
    incoming_.append(bytes);
    while (state_ == State::Open) {
      const auto line = incoming_.next_line();
      if (!line) return;
      if (!line->empty()) take_line(*line);
    }
  } catch (const Error& error) {
    refuse(error);
  }
}

void Session::take_line(std::string_view line) {
  if (!caller_) caller_ = owner_.admit(*this, stream_);
  const auto say = [weak = weak_from_this()](std::string answer) {
    if (const auto self = weak.lock()) self->send(std::move(answer));
  };
  const AfterAnswer next = conversation_.answer(line, *caller_, say);
  if (conversation_.has_greeted()) hello_timer_.cancel();
  if (next == AfterAnswer::Close) finish();
}

void Session::send(std::string line) {
  if (state_ != State::Open) return;
  if (queued_bytes_ + line.size() > limits_.max_queued_bytes) return drop();
  queued_bytes_ += line.size();
  outgoing_.push_back(std::move(line));
  if (outgoing_.size() == 1) write_next();
}

void Session::write_next() {
  write_timer_.expires_after(limits_.write_deadline);
  write_timer_.async_wait([self = shared_from_this()](error_code failure) {
    if (!failure) self->drop();
  });
  asio::async_write(stream_, asio::buffer(outgoing_.front()),
                    [self = shared_from_this()](error_code failure, std::size_t) {
                      if (self->state_ == State::Closed) return;
                      if (failure) return self->drop();
                      self->write_timer_.cancel();
                      self->queued_bytes_ -= self->outgoing_.front().size();
                      self->outgoing_.pop_front();
                      if (!self->outgoing_.empty()) self->write_next();
                    });
}

void Session::refuse(const Error& error) {
  send(error_line(nullptr, error));
  finish();
}

void Session::finish() {
  if (state_ != State::Open) return;
  state_ = State::Finishing;
  hello_timer_.cancel();
  goodbye_timer_.expires_after(limits_.goodbye_deadline);
  goodbye_timer_.async_wait([self = shared_from_this()](error_code failure) {
    if (!failure) self->drop();
  });
}

void Session::drop() {
  if (state_ == State::Closed) return;
  state_ = State::Closed;
  hello_timer_.cancel();
  write_timer_.cancel();
  goodbye_timer_.cancel();
  error_code ignored;
  stream_.close(ignored);
  owner_.closed(*this);
}

}  // namespace holdfast
