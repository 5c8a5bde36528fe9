#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace holdfast {

// The file of a program beside the tests' own; `name` without ".exe".
std::filesystem::path program_file(const std::string& name);

// A program that stands beside the tests' own, in a process of its own, talked to line by line.
class ChildProcess {
 public:
  // Throws std::runtime_error when it cannot be started.
  explicit ChildProcess(const std::string& name);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  // Closes its input and waits for its end.
  ~ChildProcess();

  void write_line(const std::string& line);
  // Without its end; empty when the program said nothing more.
  std::string read_line();
  // Closes its input and waits: its exit code.
  int finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace holdfast
