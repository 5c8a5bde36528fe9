#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "service/platform/sqlite_handle.h"
#include "tests/support/child_process.h"

namespace holdfast {

// An application that has its database open, in this process or in one of its own.
class Application {
 public:
  enum class Where { ThisProcess, AnotherProcess };

  Application(Where where, std::filesystem::path database);

  void open();
  void close();
  bool is_open() const { return open_; }
  // Throws std::runtime_error.
  void execute(const std::string& sql);
  // The first column of the first row, or why there is none.
  std::string ask(const std::string& query);

 private:
  void tell(const std::string& line);

  const std::filesystem::path database_;
  std::unique_ptr<ChildProcess> process_;  // when it is another
  SqliteConnection connection_;            // when it is this one
  bool open_ = false;
};

}  // namespace holdfast
