#include "tray/holdfast_program.h"

#include <windows.h>

#include <array>
#include <chrono>
#include <cstdint>

#include "common/error.h"
#include "common/unique_handle.h"
#include "common/utf16.h"
#include "common/windows_error.h"
#include "tray/program_path.h"
#include "tray/stall_watch.h"

namespace holdfast {
namespace {

// As long as a slow disk or line may take for the next piece.
constexpr std::chrono::minutes kPatience{3};
constexpr DWORD kLookMilliseconds = 200;
constexpr DWORD kEndMilliseconds = 5000;

std::wstring program_file() {
  return (program_path().parent_path() / L"holdfast.exe").wstring();
}

// What there is to read now, without waiting for more.
void read_into(std::string& text, HANDLE pipe) {
  DWORD there = 0;
  while (::PeekNamedPipe(pipe, nullptr, 0, nullptr, &there, nullptr) && there > 0) {
    std::array<char, 4096> chunk{};
    DWORD read = 0;
    if (!::ReadFile(pipe, chunk.data(), static_cast<DWORD>(chunk.size()), &read, nullptr)) return;
    text.append(chunk.data(), read);
  }
}

Error not_started() {
  return windows_error("Cannot start holdfast.exe", ::GetLastError(), "Install Holdfast again.");
}

std::uint64_t number(const FILETIME& time) {
  return std::uint64_t{time.dwHighDateTime} << 32 | time.dwLowDateTime;
}

// Grows with all that the program reads, writes and computes.
std::uint64_t work_done(HANDLE process) {
  IO_COUNTERS io{};
  ::GetProcessIoCounters(process, &io);
  FILETIME begin{};
  FILETIME end{};
  FILETIME kernel{};
  FILETIME user{};
  ::GetProcessTimes(process, &begin, &end, &kernel, &user);
  return io.ReadTransferCount + io.WriteTransferCount + number(kernel) + number(user);
}

struct Program {
  KernelHandle process;
  FileHandle output;
};

Program started(std::wstring command) {
  SECURITY_ATTRIBUTES inherited{.nLength = sizeof inherited, .bInheritHandle = TRUE};
  Program program;
  FileHandle writer;
  if (!::CreatePipe(program.output.put(), writer.put(), &inherited, 0)) throw not_started();
  ::SetHandleInformation(program.output.get(), HANDLE_FLAG_INHERIT, 0);
  STARTUPINFOW start{};
  start.cb = sizeof start;
  start.dwFlags = STARTF_USESTDHANDLES;
  start.hStdOutput = writer.get();
  // What it tells people is none of its answer.
  const FileHandle nobody(::CreateFileW(L"NUL", GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                        &inherited, OPEN_EXISTING, 0, nullptr));
  start.hStdError = nobody.get();
  PROCESS_INFORMATION process{};
  if (!::CreateProcessW(program_file().c_str(), command.data(), nullptr, nullptr, TRUE,
                        CREATE_NO_WINDOW, nullptr, nullptr, &start, &process)) {
    throw not_started();
  }
  const KernelHandle thread(process.hThread);
  program.process = KernelHandle(process.hProcess);
  return program;
}

}  // namespace

std::string quoted_path(const std::string& path) {
  // Neither a path nor a file name holds quotes; a backslash before the last one would escape it.
  return '"' + path + (path.ends_with('\\') ? "\\" : "") + '"';
}

std::string holdfast_output(const std::string& arguments, const std::stop_token& stop) {
  const Program program = started(L"\"" + program_file() + L"\" " + to_utf16(arguments));
  StallWatch watch(std::chrono::steady_clock::now(), kPatience);
  std::string output;
  while (::WaitForSingleObject(program.process.get(), kLookMilliseconds) == WAIT_TIMEOUT) {
    read_into(output, program.output.get());
    const bool is_stalled =
        watch.is_stalled(std::chrono::steady_clock::now(), work_done(program.process.get()));
    if (!is_stalled && !stop.stop_requested()) continue;
    ::TerminateProcess(program.process.get(), 1);
    ::WaitForSingleObject(program.process.get(), kEndMilliseconds);
    if (stop.stop_requested()) throw Error(ErrorCode::Cancelled, "It was cancelled.", "");
    throw Error(ErrorCode::TimedOut, "There was no progress for 3 minutes, so it was ended.",
                "See whether the folders can be reached, then try again.");
  }
  read_into(output, program.output.get());
  return output;
}

}  // namespace holdfast
