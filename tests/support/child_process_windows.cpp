#include <windows.h>

#include <array>
#include <stdexcept>
#include <string>

#include "common/unique_handle.h"
#include "common/utf16.h"
#include "tests/support/child_process.h"

namespace holdfast {
namespace {

struct Pipe {
  FileHandle read;
  FileHandle write;
};

Pipe make_pipe() {
  SECURITY_ATTRIBUTES inherited{.nLength = sizeof(SECURITY_ATTRIBUTES), .bInheritHandle = TRUE};
  Pipe pipe;
  if (!::CreatePipe(pipe.read.put(), pipe.write.put(), &inherited, 0)) {
    throw std::runtime_error("CreatePipe failed");
  }
  return pipe;
}

// Now and then, on a busy machine, Wine does not get a process started at all.
constexpr DWORD kNotStarted = ERROR_INTERNAL_ERROR;
constexpr int kTries = 3;

PROCESS_INFORMATION start_process(const std::string& name, STARTUPINFOW& start) {
  PROCESS_INFORMATION started{};
  DWORD failure = kNotStarted;
  for (int tries = 0; tries < kTries && failure == kNotStarted; ++tries) {
    if (::CreateProcessW(program_file(name).c_str(), nullptr, nullptr, nullptr, TRUE, 0, nullptr,
                         nullptr, &start, &started)) {
      return started;
    }
    failure = ::GetLastError();
  }
  throw std::runtime_error("cannot start " + name + ": error " + std::to_string(failure));
}

}  // namespace

std::filesystem::path program_file(const std::string& name) {
  std::array<wchar_t, 4096> path{};
  ::GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size()));
  return std::filesystem::path(path.data()).parent_path() / to_utf16(name + ".exe");
}

struct ChildProcess::State {
  KernelHandle process;
  FileHandle input;
  FileHandle output;
  int exit_code = -1;
};

ChildProcess::ChildProcess(const std::string& name) : state_(std::make_unique<State>()) {
  Pipe input = make_pipe();
  Pipe output = make_pipe();
  ::SetHandleInformation(input.write.get(), HANDLE_FLAG_INHERIT, 0);
  ::SetHandleInformation(output.read.get(), HANDLE_FLAG_INHERIT, 0);
  STARTUPINFOW start{.cb = sizeof(STARTUPINFOW),
                     .dwFlags = STARTF_USESTDHANDLES,
                     .hStdInput = input.read.get(),
                     .hStdOutput = output.write.get(),
                     .hStdError = ::GetStdHandle(STD_ERROR_HANDLE)};
  const PROCESS_INFORMATION started = start_process(name, start);
  state_->process.reset(started.hProcess);
  const KernelHandle thread(started.hThread);
  state_->input.reset(input.write.release());
  state_->output.reset(output.read.release());
}

ChildProcess::~ChildProcess() {
  finish();
}

void ChildProcess::write_line(const std::string& line) {
  const std::string bytes = line + "\n";
  DWORD written = 0;
  if (!::WriteFile(state_->input.get(), bytes.data(), static_cast<DWORD>(bytes.size()), &written,
                   nullptr)) {
    throw std::runtime_error("the program does not listen");
  }
}

std::string ChildProcess::read_line() {
  std::string line;
  char letter = 0;
  DWORD length = 0;
  while (::ReadFile(state_->output.get(), &letter, 1, &length, nullptr) && length == 1 &&
         letter != '\n') {
    if (letter != '\r') line += letter;
  }
  return line;
}

int ChildProcess::finish() {
  state_->input.reset();
  if (state_->process) {
    ::WaitForSingleObject(state_->process.get(), INFINITE);
    DWORD code = 0;
    ::GetExitCodeProcess(state_->process.get(), &code);
    state_->exit_code = static_cast<int>(code);
    state_->process.reset();
  }
  return state_->exit_code;
}

}  // namespace holdfast
