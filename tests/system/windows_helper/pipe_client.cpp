// A client of the service's pipe that is as rude as a test wants it:
//   pipe_client say FILE        sends the file's bytes as they are, prints what is answered until
//   the
//                               service hangs up or has said nothing for half a second
//   pipe_client crowd COUNT     opens COUNT silent connections, then tells how many milliseconds a
//                               proper client waits for its answer, and how many silent ones live
//   pipe_client drop COUNT      connects and leaves COUNT times
//   pipe_client ask COUNT SECONDS PAUSE
//                               COUNT clients ask for the status again and again, each PAUSE
//                               milliseconds after its last answer; tells how long they waited
//   pipe_client subscribe       subscribes and prints what is pushed until the service hangs up

#include <windows.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <list>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr const wchar_t* kPipe = L"\\\\.\\pipe\\ProtectedPrefix\\Administrators\\Holdfast\\control";
constexpr DWORD kAccess = 0x12019b;
constexpr const char* kHello =
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\",\"params\":{\"protocol\":1}}\n";

class Connection {
 public:
  // Ends the program when the service cannot be reached: quickly, for other threads may be waiting
  // for an answer.
  Connection() {
    DWORD failure = ERROR_SUCCESS;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < end) {
      pipe_ = ::CreateFileW(kPipe, kAccess, 0, nullptr, OPEN_EXISTING, 0, nullptr);
      failure = pipe_ == INVALID_HANDLE_VALUE ? ::GetLastError() : ERROR_SUCCESS;
      if (failure != ERROR_PIPE_BUSY) break;
      ::WaitNamedPipeW(kPipe, 2000);
    }
    if (failure != ERROR_SUCCESS) {
      std::fprintf(stderr, "pipe_client: cannot connect, error %lu\n", failure);
      std::fflush(stderr);
      ::TerminateProcess(::GetCurrentProcess(), 3);
    }
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { ::CloseHandle(pipe_); }

  // False once the service has hung up.
  bool write(const std::string& bytes) {
    DWORD written = 0;
    return ::WriteFile(pipe_, bytes.data(), static_cast<DWORD>(bytes.size()), &written, nullptr);
  }
  // Nothing once the service has hung up.
  std::string read() {
    char buffer[4096];
    DWORD length = 0;
    if (!::ReadFile(pipe_, buffer, sizeof buffer, &length, nullptr)) length = 0;
    return {buffer, length};
  }
  bool has_something() {
    DWORD available = 0;
    return !::PeekNamedPipe(pipe_, nullptr, 0, nullptr, &available, nullptr) || available > 0;
  }
  bool is_open() { return ::PeekNamedPipe(pipe_, nullptr, 0, nullptr, nullptr, nullptr); }

 private:
  HANDLE pipe_ = INVALID_HANDLE_VALUE;
};

void print_until_quiet(Connection& connection) {
  for (DWORD quiet_since = ::GetTickCount(); ::GetTickCount() - quiet_since < 500;) {
    if (!connection.has_something()) {
      ::Sleep(5);
      continue;
    }
    const std::string bytes = connection.read();
    if (bytes.empty()) {
      std::cout << "(closed)\n";
      return;
    }
    std::cout << bytes;
    quiet_since = ::GetTickCount();
  }
}

int say(const wchar_t* file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  Connection connection;
  // The service may answer, and hang up, before it has read everything.
  std::jthread writer([&] { connection.write(bytes); });
  print_until_quiet(connection);
  return 0;
}

int crowd(int count) {
  std::list<Connection> silent;
  for (int i = 0; i < count; ++i) silent.emplace_back();
  const DWORD begin = ::GetTickCount();
  Connection proper;
  proper.write(kHello);
  const bool answered = proper.read().find("\"result\"") != std::string::npos;
  const DWORD waited = ::GetTickCount() - begin;
  int alive = 0;
  for (Connection& connection : silent) alive += connection.is_open() ? 1 : 0;
  std::printf("answered=%d waited=%lu alive=%d\n", answered, waited, alive);
  return 0;
}

struct Asked {
  std::vector<double> milliseconds;
  int failed = 0;
};

bool is_answered(Connection& connection) {
  std::string line;
  while (line.find('\n') == std::string::npos) {
    const std::string bytes = connection.read();
    if (bytes.empty()) return false;
    line += bytes;
  }
  return line.find("\"result\"") != std::string::npos;
}

void ask_on(std::chrono::steady_clock::time_point end, std::chrono::milliseconds pause,
            Asked& asked) {
  Connection connection;
  connection.write(kHello);
  if (!is_answered(connection)) ++asked.failed;
  while (std::chrono::steady_clock::now() < end) {
    const auto begin = std::chrono::steady_clock::now();
    connection.write("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"status\"}\n");
    if (!is_answered(connection)) {
      ++asked.failed;
      return;
    }
    const std::chrono::duration<double, std::milli> waited =
        std::chrono::steady_clock::now() - begin;
    asked.milliseconds.push_back(waited.count());
    std::this_thread::sleep_for(pause);
  }
}

int ask(int count, int seconds, int pause) {
  std::vector<Asked> all(static_cast<std::size_t>(count));
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  {
    std::vector<std::jthread> clients;
    for (Asked& asked : all) {
      clients.emplace_back(
          [&asked, end, pause] { ask_on(end, std::chrono::milliseconds(pause), asked); });
    }
  }
  std::vector<double> waits;
  int failed = 0;
  for (const Asked& asked : all) {
    waits.insert(waits.end(), asked.milliseconds.begin(), asked.milliseconds.end());
    failed += asked.failed;
  }
  std::sort(waits.begin(), waits.end());
  const auto share = [&](double part) {
    return waits.empty() ? 0 : waits[static_cast<std::size_t>(part * double(waits.size() - 1))];
  };
  std::printf("asked=%zu failed=%d p50=%.2f p99=%.2f max=%.2f\n", waits.size(), failed, share(0.5),
              share(0.99), share(1));
  return 0;
}

int drop(int count) {
  for (int i = 0; i < count; ++i) Connection();
  return 0;
}

int subscribe() {
  Connection connection;
  connection.write(std::string(kHello) +
                   "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"subscribe\"}\n");
  for (std::string bytes; !(bytes = connection.read()).empty();) std::cout << bytes << std::flush;
  std::cout << "(closed)\n";
  return 0;
}

}  // namespace

int wmain(int argc, wchar_t** argv) {
  const std::wstring mode = argc > 1 ? argv[1] : L"";
  if (mode == L"say" && argc == 3) return say(argv[2]);
  if (mode == L"crowd" && argc == 3) return crowd(::_wtoi(argv[2]));
  if (mode == L"ask" && argc == 5) {
    return ask(::_wtoi(argv[2]), ::_wtoi(argv[3]), ::_wtoi(argv[4]));
  }
  if (mode == L"drop" && argc == 3) return drop(::_wtoi(argv[2]));
  if (mode == L"subscribe" && argc == 2) return subscribe();
  std::fprintf(stderr,
               "usage: pipe_client say FILE | crowd COUNT | ask COUNT SECONDS PAUSE | drop COUNT |"
               " subscribe\n");
  return 2;
}
