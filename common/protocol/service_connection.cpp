#include "common/protocol/service_connection.h"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include "common/protocol/messages.h"
#include "common/protocol/pipe_stream.h"

namespace holdfast {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// A history page is the longest answer; a service that sends more than this is none.
constexpr std::size_t kMaxAnswerBytes = 16 * 1024 * 1024;
constexpr std::size_t kMaxUnreadNotifications = 1024;

Error gone() {
  return {ErrorCode::ServiceUnreachable, "The Holdfast service closed the connection.",
          "Check that the service is running, and try again."};
}

}  // namespace

struct ServiceConnection::Pipe {
  explicit Pipe(NativePipe handle) : stream(io, handle) {}

  // Declared before the io_context, which finishes outstanding reads into it when it is destroyed.
  std::array<char, 4096> chunk{};
  std::string outgoing;
  bool is_writing = false;
  asio::io_context io{1};
  PipeStream stream;
};

ServiceConnection::ServiceConnection(NativePipe pipe, std::string_view client_name,
                                     Milliseconds deadline)
    : pipe_(std::make_unique<Pipe>(pipe)), incoming_(kMaxAnswerBytes) {
  read_more();
  call(method::kHello, {{"protocol", kProtocolVersion}, {"client", client_name}}, deadline);
}

ServiceConnection::~ServiceConnection() = default;

nlohmann::json ServiceConnection::call(std::string_view method, const nlohmann::json& params,
                                       Milliseconds deadline) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  const std::uint64_t request = send(method, params, deadline);
  const auto left = std::chrono::ceil<Milliseconds>(end - std::chrono::steady_clock::now());
  if (auto result = answer(request, std::max(left, Milliseconds(0)))) return *std::move(result);
  give_up(method);
}

std::uint64_t ServiceConnection::send(std::string_view method, const nlohmann::json& params,
                                      Milliseconds deadline) {
  if (broken_) throw Error(*broken_);
  const std::uint64_t id = ++last_id_;
  pipe_->outgoing = request_line(id, method, params);
  pipe_->is_writing = true;
  // A failed write needs no word: the read under way then ends too, and knows more of the reason.
  asio::async_write(pipe_->stream, asio::buffer(pipe_->outgoing),
                    [this](error_code, std::size_t) { pipe_->is_writing = false; });
  if (!run_until(std::chrono::steady_clock::now() + deadline, [&] { return !pipe_->is_writing; })) {
    give_up(method);
  }
  return id;
}

std::optional<nlohmann::json> ServiceConnection::answer(std::uint64_t request,
                                                        Milliseconds deadline) {
  run_until(std::chrono::steady_clock::now() + deadline,
            [&] { return broken_ || responses_.contains(request); });
  const auto answer = responses_.extract(request);
  if (answer && answer.mapped().error) throw Error(*answer.mapped().error);
  if (answer) return answer.mapped().result;
  if (broken_) throw Error(*broken_);
  return std::nullopt;
}

std::optional<Notification> ServiceConnection::next_notification(Milliseconds deadline) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  run_until(end, [&] { return broken_ || !notifications_.empty(); });
  if (notifications_.empty()) {
    if (broken_ && !cancelled_) throw Error(*broken_);
    return std::nullopt;
  }
  Notification next = std::move(notifications_.front());
  notifications_.pop_front();
  return next;
}

void ServiceConnection::cancel() {
  asio::post(pipe_->io, [this] { cancelled_ = true; });
}

// Runs what is ready until `done`, the deadline, or cancel(). True when done.
template <typename Done>
bool ServiceConnection::run_until(std::chrono::steady_clock::time_point deadline, Done done) {
  while (!done() && !cancelled_) {
    pipe_->io.restart();
    if (pipe_->io.run_one_until(deadline) == 0) return done();
  }
  return done();
}

void ServiceConnection::read_more() {
  pipe_->stream.async_read_some(asio::buffer(pipe_->chunk),
                                [this](error_code failure, std::size_t length) {
                                  if (failure == asio::error::operation_aborted) return;
                                  if (failure) {
                                    if (!broken_) broken_ = gone();
                                    return;
                                  }
                                  try {
                                    take({pipe_->chunk.data(), length});
                                    read_more();
                                  } catch (const Error& error) {
                                    broken_ = error;
                                  }
                                });
}

void ServiceConnection::take(std::string_view bytes) {
  incoming_.append(bytes);
  while (const auto line = incoming_.next_line()) {
    ServerMessage message = parse_server_message(*line);
    if (message.notification) {
      if (notifications_.size() == kMaxUnreadNotifications) notifications_.pop_front();
      notifications_.push_back(std::move(*message.notification));
    } else if (message.response->id.is_number_unsigned()) {
      responses_.insert_or_assign(message.response->id.get<std::uint64_t>(),
                                  std::move(*message.response));
    } else if (message.response->error) {
      // Not about one request but about the connection: it is about to be closed.
      broken_ = *message.response->error;
    }
  }
}

// A late answer, or a write still under way, must never meet the next call.
void ServiceConnection::give_up(std::string_view method) {
  error_code ignored;
  pipe_->stream.close(ignored);
  broken_ = gone();
  if (cancelled_) {
    throw Error(ErrorCode::TimedOut, "The call of " + std::string(method) + " was given up.", "");
  }
  throw Error(ErrorCode::TimedOut,
              "The Holdfast service did not answer " + std::string(method) + " in time.",
              "Try again; if it stays so, restart the service \"Holdfast\".");
}

}  // namespace holdfast
