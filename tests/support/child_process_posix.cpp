#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

#include <sys/wait.h>

#include "tests/support/child_process.h"

namespace holdfast {
namespace {

// Closes on exec: a child that held another's pipe would keep it open for ever.
std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw std::runtime_error("pipe failed");
  for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
  return ends;
}

}  // namespace

std::filesystem::path program_file(const std::string& name) {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() /
         std::filesystem::path(name);
}

struct ChildProcess::State {
  pid_t process = -1;
  int input = -1;
  int output = -1;
  int exit_code = -1;
};

ChildProcess::ChildProcess(const std::string& name) : state_(std::make_unique<State>()) {
  const auto program = program_file(name);
  const auto input = make_pipe();
  const auto output = make_pipe();
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
  std::string argument = name;
  std::array<char*, 2> arguments{argument.data(), nullptr};
  const int failure = ::posix_spawn(&state_->process, program.c_str(), &actions, nullptr,
                                    arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(input[0]);
  ::close(output[1]);
  state_->input = input[1];
  state_->output = output[0];
  if (failure != 0) throw std::runtime_error("cannot start " + name);
}

ChildProcess::~ChildProcess() {
  finish();
  ::close(state_->output);
}

void ChildProcess::write_line(const std::string& line) {
  const std::string bytes = line + "\n";
  if (::write(state_->input, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) {
    throw std::runtime_error("the program does not listen");
  }
}

std::string ChildProcess::read_line() {
  std::string line;
  char letter = 0;
  while (::read(state_->output, &letter, 1) == 1 && letter != '\n') line += letter;
  return line;
}

int ChildProcess::finish() {
  if (const int input = std::exchange(state_->input, -1); input != -1) ::close(input);
  if (const pid_t process = std::exchange(state_->process, -1); process != -1) {
    int status = 0;
    ::waitpid(process, &status, 0);
    state_->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  return state_->exit_code;
}

}  // namespace holdfast
