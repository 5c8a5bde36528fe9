// A service that answers with what a file tells, for what the real one does seldom or slowly:
//   stand_in_service ANSWERS.json
// The file has, for each method, the result, or {"error": {...}} as the protocol has it. Where the
// result of archive.list or history holds more than a page, it is told page by page. {"in_turn":
// [...]} has an answer for each time that it is asked, the last one for ever; "after_ms" keeps who
// asks waiting for so long. "told_after" has, for each method, what is told to subscribers by
// itself when that was asked: [{"method": "progress", "params": {...}}, ...]. "silent_pipe" is no
// method, but the name of a pipe that can be opened and never says anything.

#include <windows.h>
#include <sddl.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;

constexpr const wchar_t* kPipe = LR"(\\.\pipe\ProtectedPrefix\Administrators\Holdfast\control)";
constexpr std::size_t kPage = 150;
constexpr DWORD kPauseMilliseconds = 10;

json page_of(const json& result, const char* list, const json& question) {
  const auto offset = question.value("offset", std::size_t{0});
  const json& all = result.at(list);
  json page = {{"total", all.size()}, {list, json::array()}};
  const std::size_t end = std::min(all.size(), offset + kPage);
  for (std::size_t i = offset; i < end; ++i) page[list].push_back(all[i]);
  page["more"] = end < all.size();
  if (end < all.size()) page["next"] = end;
  return page;
}

// What is told this time.
const json& told_of(const json& answers, const std::string& method) {
  static const json kNothing = json::object();
  static std::mutex mutex;
  static std::map<std::string, std::size_t> asked;
  if (!answers.contains(method)) return kNothing;
  const json& known = answers.at(method);
  if (!known.contains("in_turn")) return known;
  const std::scoped_lock lock(mutex);
  const json& turns = known.at("in_turn");
  return turns.at(std::min(asked[method]++, turns.size() - 1));
}

// What subscribers are told, in its order.
class Told {
 public:
  void add(const json& notifications) {
    const std::scoped_lock lock(mutex_);
    for (const json& notification : notifications) {
      json line = notification;
      line["jsonrpc"] = "2.0";
      lines_.push_back(line.dump() + '\n');
    }
  }

  // What was told since the one that was last of those told before.
  std::string after(std::size_t& last) {
    const std::scoped_lock lock(mutex_);
    std::string lines;
    for (; last < lines_.size(); ++last) lines += lines_[last];
    return lines;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

json answer_to(const json& answers, const json& question) {
  const auto method = question.at("method").get<std::string>();
  json answer = {{"jsonrpc", "2.0"}, {"id", question.at("id")}};
  const json& known = told_of(answers, method);
  ::Sleep(known.value("after_ms", 0U));
  if (known.contains("error")) {
    answer["error"] = known.at("error");
  } else if (method == "hello") {
    answer["result"] = {{"protocol", 1}, {"service", "0"}};
  } else if (known.contains("archives")) {
    answer["result"] = page_of(known, "archives", question.value("params", json::object()));
  } else {
    answer["result"] = known;
  }
  return answer;
}

void write(HANDLE pipe, const std::string& text) {
  DWORD length = 0;
  ::WriteFile(pipe, text.data(), static_cast<DWORD>(text.size()), &length, nullptr);
}

// Nobody can be told anything over a pipe that is being read: so it is only read when there is
// something.
void serve(HANDLE pipe, const json& answers, Told& told) {
  std::string lines;
  bool is_subscriber = false;
  std::size_t last_told = 0;
  for (DWORD there = 0; ::PeekNamedPipe(pipe, nullptr, 0, nullptr, &there, nullptr);) {
    if (there == 0) {
      const std::string news = is_subscriber ? told.after(last_told) : std::string();
      if (!news.empty()) write(pipe, news);
      ::Sleep(kPauseMilliseconds);
      continue;
    }
    char chunk[4096];
    DWORD length = 0;
    if (!::ReadFile(pipe, chunk, sizeof chunk, &length, nullptr)) break;
    lines.append(chunk, length);
    for (std::size_t end = 0; (end = lines.find('\n')) != std::string::npos;) {
      const json question = json::parse(lines.substr(0, end));
      lines.erase(0, end + 1);
      write(pipe, answer_to(answers, question).dump() + '\n');
      const auto& method = question.at("method").get_ref<const std::string&>();
      is_subscriber = is_subscriber || method == "subscribe";
      const json after = answers.value("told_after", json::object());
      if (after.contains(method)) told.add(after.at(method));
    }
  }
  ::CloseHandle(pipe);
}

void keep_silent_pipe(const std::string& name) {
  const std::wstring path = L"\\\\.\\pipe\\" + std::wstring(name.begin(), name.end());
  for (;;) {
    const HANDLE pipe = ::CreateNamedPipeW(path.c_str(), PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE,
                                           PIPE_UNLIMITED_INSTANCES, 0, 0, 0, nullptr);
    ::ConnectNamedPipe(pipe, nullptr);
  }
}

}  // namespace

int wmain(int argc, wchar_t** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: stand_in_service ANSWERS.json\n");
    return 2;
  }
  std::ifstream file{std::filesystem::path(argv[1])};
  const json answers = json::parse(file);
  if (answers.contains("silent_pipe")) {
    std::thread(&keep_silent_pipe, answers.at("silent_pipe").get<std::string>()).detach();
  }
  // Clients believe only what administrators or the system own.
  SECURITY_ATTRIBUTES security{.nLength = sizeof security};
  ::ConvertStringSecurityDescriptorToSecurityDescriptorW(L"O:SYD:(A;;GA;;;WD)", SDDL_REVISION_1,
                                                         &security.lpSecurityDescriptor, nullptr);
  Told told;
  for (;;) {
    const HANDLE pipe = ::CreateNamedPipeW(kPipe, PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE | PIPE_WAIT,
                                           PIPE_UNLIMITED_INSTANCES, 65536, 65536, 0, &security);
    if (pipe == INVALID_HANDLE_VALUE) return 1;
    if (!::ConnectNamedPipe(pipe, nullptr) && ::GetLastError() != ERROR_PIPE_CONNECTED) return 1;
    std::thread([pipe, &answers, &told] { serve(pipe, answers, told); }).detach();
  }
}
