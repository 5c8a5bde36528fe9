#include "service/pipe/named_pipe_listener.h"

#include <windows.h>

#include <cstdlib>
#include <utility>

#include <boost/asio/windows/overlapped_ptr.hpp>
#include <spdlog/spdlog.h>

#include "common/utf16.h"
#include "common/windows_error.h"
#include "common/windows_identity.h"
#include "service/platform/security_descriptor.h"

namespace holdfast {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// So many clients can connect at the same moment without being told to wait.
constexpr std::size_t kWaitingInstances = 16;
constexpr DWORD kBufferBytes = 16 * 1024;

// Who the thread impersonates. Leaving an impersonation cannot be allowed to fail: everything
// after it would run with the client's rights.
KernelHandle client_token(HANDLE pipe) {
  if (!::ImpersonateNamedPipeClient(pipe)) {
    throw windows_error("Cannot tell who is calling", ::GetLastError(), "Connect again.");
  }
  KernelHandle token;
  const BOOL opened = ::OpenThreadToken(::GetCurrentThread(), TOKEN_QUERY, TRUE, token.put());
  const DWORD failure = ::GetLastError();
  if (!::RevertToSelf()) std::abort();
  if (!opened) throw windows_error("Cannot tell who is calling", failure, "Connect again.");
  return token;
}

}  // namespace

NamedPipeListener::NamedPipeListener(asio::io_context& io, std::string pipe_name, std::string sddl)
    : io_(io), pipe_name_(std::move(pipe_name)), sddl_(std::move(sddl)), retry_timer_(io) {}

void NamedPipeListener::start(OnClient on_client) {
  on_client_ = std::move(on_client);
  await_client(create_first());
  replenish();
}

void NamedPipeListener::stop() {
  stopped_ = true;
  retry_timer_.cancel();
  for (const auto& pipe : waiting_) {
    error_code ignored;
    pipe->close(ignored);
  }
}

Caller NamedPipeListener::identify(PipeStream& stream) {
  const KernelHandle token = client_token(stream.native_handle());
  Caller caller{.user_sid = token_user_sid(token.get()),
                .is_elevated_administrator = is_administrator(token.get())};
  DWORD size = sizeof caller.session_id;
  if (!::GetTokenInformation(token.get(), TokenSessionId, &caller.session_id, size, &size)) {
    throw windows_error("Cannot tell the caller's session", ::GetLastError(), "Connect again.");
  }
  return caller;
}

// A client that holds on to the pipe of a service that has ended keeps the name in use, and must
// not keep the next service from starting. Nothing is lost by joining the name then: only
// administrators can make it, its access list lets nobody else add instances, and clients check who
// serves them.
FileHandle NamedPipeListener::create_first() const {
  try {
    return create(Instance::First);
  } catch (const Error& failure) {
    if (failure.code() != ErrorCode::AccessDenied) throw;
    spdlog::warn("{} Trying to join it.", failure.what());
    return create(Instance::Further);
  }
}

FileHandle NamedPipeListener::create(Instance instance) const {
  const SecurityDescriptor descriptor(sddl_);
  SECURITY_ATTRIBUTES attributes = descriptor.attributes();
  const DWORD first = instance == Instance::First ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0;
  FileHandle pipe(::CreateNamedPipeW(
      to_utf16(pipe_name_).c_str(), PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | first,
      PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS,
      PIPE_UNLIMITED_INSTANCES, kBufferBytes, kBufferBytes, 0, &attributes));
  if (!pipe) {
    throw windows_error("Cannot listen on " + pipe_name_, ::GetLastError(),
                        "Run Holdfast as an administrator, and only once.");
  }
  return pipe;
}

void NamedPipeListener::await_client(FileHandle instance) {
  auto pipe = std::make_shared<PipeStream>(io_, instance.get());
  instance.release();
  waiting_.insert(pipe);
  asio::windows::overlapped_ptr connected(io_, [this, pipe](error_code failure, std::size_t) {
    waiting_.erase(pipe);
    if (stopped_) return;
    // First the next instance, so that there is always one to connect to. A failure here means
    // that the client came and left at once: that is its own affair.
    replenish();
    if (!failure) on_client_(std::move(*pipe));
  });
  const BOOL done = ::ConnectNamedPipe(pipe->native_handle(), connected.get());
  const DWORD result = ::GetLastError();
  if (done || result == ERROR_IO_PENDING) {
    connected.release();
  } else if (result == ERROR_PIPE_CONNECTED) {
    connected.complete({}, 0);
  } else {
    connected.complete({static_cast<int>(result), boost::system::system_category()}, 0);
  }
}

// Out of handles or memory for a moment: the service goes on and tries again.
void NamedPipeListener::replenish() {
  try {
    while (waiting_.size() < kWaitingInstances) await_client(create(Instance::Further));
  } catch (const Error& failure) {
    spdlog::warn("{} Trying again in a second.", failure.what());
    retry_timer_.expires_after(std::chrono::seconds(1));
    retry_timer_.async_wait([this](error_code cancelled) {
      if (!cancelled && !stopped_) replenish();
    });
  }
}

}  // namespace holdfast
