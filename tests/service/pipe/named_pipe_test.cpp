#include <windows.h>

#include <list>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch_test_macros.hpp>

#include "common/protocol/messages.h"
#include "common/protocol/open_service_pipe.h"
#include "common/protocol/service_connection.h"
#include "common/utf16.h"
#include "common/windows_identity.h"
#include "service/pipe/named_pipe_listener.h"
#include "service/pipe/pipe_server.h"
#include "tests/support/wine.h"

namespace holdfast {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr DWORD kClientAccess = 0x12019b;

// The real pipe under another name, served on a thread of its own.
class PipeFixture {
 public:
  PipeFixture() {
    dispatcher_.add("status", [](const Call&) { return json{{"health", "none"}}; });
    dispatcher_.add("who", [](const Call& call) { return json(call.caller.user_sid); });
    server_.start();
    thread_ = std::jthread([this] { io_.run(); });
  }
  PipeFixture(const PipeFixture&) = delete;
  PipeFixture& operator=(const PipeFixture&) = delete;
  ~PipeFixture() {
    boost::asio::post(io_, [this] { server_.stop(); });
    thread_.join();
  }

  const std::string name = R"(\\.\pipe\ProtectedPrefix\Administrators\Holdfast\test-)" +
                           std::to_string(::GetCurrentProcessId());

  FileHandle open() const {
    for (;;) {
      FileHandle pipe(::CreateFileW(to_utf16(name).c_str(), kClientAccess, 0, nullptr,
                                    OPEN_EXISTING, FILE_FLAG_OVERLAPPED, nullptr));
      if (pipe || ::GetLastError() != ERROR_PIPE_BUSY) return pipe;
      ::WaitNamedPipeW(to_utf16(name).c_str(), 5000);
    }
  }

 private:
  boost::asio::io_context io_{1};
  NamedPipeListener listener_{io_, name, kConsolePipeSddl};
  Dispatcher dispatcher_;
  PipeServer server_{listener_, dispatcher_, PipeLimits{}};
  std::jthread thread_;
};

json ask(FileHandle pipe, const char* method) {
  return ServiceConnection(pipe.release(), "test", 10s).call(method, json::object(), 10s);
}

TEST_CASE_METHOD(PipeFixture, "A client is answered over the named pipe and known by its token") {
  CHECK(ask(open(), "status")["health"] == "none");
  CHECK(ask(open(), "who") == process_user_sid());
}

TEST_CASE_METHOD(PipeFixture, "Clients that connect and leave at once do not stop the service") {
  for (int i = 0; i < 200; ++i) open();
  CHECK(ask(open(), "status")["health"] == "none");
}

TEST_CASE_METHOD(PipeFixture,
                 "A hundred silent clients leave the service answering others at once") {
  std::list<FileHandle> silent;
  for (int i = 0; i < 100; ++i) silent.push_back(open());
  const auto begin = std::chrono::steady_clock::now();
  CHECK(ask(open(), "status")["health"] == "none");
  CHECK(std::chrono::steady_clock::now() - begin < 1s);
}

TEST_CASE_METHOD(PipeFixture, "A client gets the reason before a line that is too long ends it") {
  ServiceConnection connection(open().release(), "test", 10s);
  try {
    connection.call(std::string(100'000, 'x'), json::object(), 10s);
    FAIL("the line was taken");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::LineTooLong);
  }
}

TEST_CASE("A pipe that nobody serves is reported as a service that is not running") {
  try {
    open_service_pipe(R"(\\.\pipe\ProtectedPrefix\Administrators\Holdfast\nobody)", 1s);
    FAIL("something answered");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::ServiceUnreachable);
  }
}

TEST_CASE(
    "A client that holds on to the pipe of an ended service does not keep the next from starting") {
  const FileHandle held = PipeFixture().open();
  const PipeFixture next;
  CHECK(ask(next.open(), "status")["health"] == "none");
}

TEST_CASE("A user whom the pipe's access list does not name cannot open it") {
  if (runs_under_wine()) SKIP("Wine admits a client past a pipe's access control list");
  const std::string name = R"(\\.\pipe\ProtectedPrefix\Administrators\Holdfast\closed)";
  boost::asio::io_context io;
  NamedPipeListener closed(io, name, "O:BAG:BAD:P(A;;GA;;;SY)");
  closed.start([](PipeStream) {});
  try {
    open_service_pipe(name, 1s);
    FAIL("the pipe was opened");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::ServiceRefused);
  }
}

}  // namespace
}  // namespace holdfast
