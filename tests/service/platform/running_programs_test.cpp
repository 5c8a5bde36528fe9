#include "service/platform/running_programs.h"

#include <random>

#include <catch2/catch_test_macros.hpp>

#include "service/triggers/app_watch.h"
#include "tests/support/child_process.h"

namespace holdfast {
namespace {

// A program of a name that nobody else runs.
class OwnProgram {
 public:
  OwnProgram() : name_("watched_" + std::to_string(std::random_device{}())) {
    std::filesystem::copy_file(program_file("sql_application"), program_file(name_));
  }
  OwnProgram(const OwnProgram&) = delete;
  OwnProgram& operator=(const OwnProgram&) = delete;
  ~OwnProgram() {
    std::error_code ignored;
    std::filesystem::remove(program_file(name_), ignored);
  }

  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

TEST_CASE("A real program is seen to start and to close, with the last of its processes") {
  const OwnProgram program;
  const std::vector<std::string> it{program.name() + ".exe"};
  const std::vector<std::string> watched{it[0], "never_there.exe"};
  AppWatch watch(path_letter_case());
  const auto look = [&] { return watch.look(running_programs(), watched); };
  look();
  ChildProcess first(program.name());
  CHECK(look().started == it);
  ChildProcess second(program.name());
  CHECK(look().started.empty());
  first.finish();
  CHECK(look().closed.empty());
  second.finish();
  const AppWatch::Seen seen = look();
  CHECK(seen.closed == it);
  CHECK(seen.started.empty());
}

}  // namespace
}  // namespace holdfast
