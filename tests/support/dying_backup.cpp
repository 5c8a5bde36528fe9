// Makes a backup and is killed at one of its steps, for good. Its input is the database, the
// destination, the time and the number of the step, a line each. It says the name of the step that
// it did not live to do, or "survived" when there are not that many.
#include <cstdlib>
#include <iostream>
#include <string>

#include "common/path_text.h"
#include "service/backup/backup_run.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faulty_storage.h"
#include "tests/support/sudden_end.h"

namespace {

std::string next_line() {
  std::string line;
  std::getline(std::cin, line);
  return line;
}

}  // namespace

int main() {
  using namespace holdfast;
  const BackupRequest request{.dataset = "clinic",
                              .database = text_path(next_line()),
                              .destination = text_path(next_line()),
                              .include = {"images/**"},
                              .reason = "test",
                              .host = "PC-1",
                              .user = "ann"};
  const FakeClock clock(time_from(next_line()));
  const int last = std::stoi(next_line());
  int step = 0;
  FaultyStorage storage;
  storage.before = [&](const std::string& name) {
    if (++step != last) return;
    std::cout << name << std::endl;
    end_suddenly();
  };
  run_backup(request, storage, clock, {}, {});
  std::cout << "survived" << std::endl;
  return 0;
}
