// Restores an archive and is killed at one of its steps, for good. Its input is the archive, the
// database, the destination of what is archived before, the time, the number of the step, and after
// how many microseconds it is killed wherever it is, a line each; 0 stands for never. Steps are
// what changes anything on the disk, by Holdfast and by SQLite. It says the name of the step that
// it did not live to do, or "survived" when there are not that many. With -1 for the step it says
// the names of all, a line each, and lives.
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "common/path_text.h"
#include "service/restore/restore_run.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faulty_storage.h"
#include "tests/support/faulty_vfs.h"
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
  RestoreRequest request{.archive = text_path(next_line())};
  request.target.database = text_path(next_line());
  request.target.include = {"images/**", "*.json"};
  request.safety = {.dataset = "clinic",
                    .database = request.target.database,
                    .destination = text_path(next_line()),
                    .include = request.target.include,
                    .reason = "before a restore",
                    .host = "PC-1",
                    .user = "ann"};
  const FakeClock clock(time_from(next_line()));
  const int last = std::stoi(next_line());
  const std::chrono::microseconds life(std::stoll(next_line()));
  if (life.count() > 0) {
    std::thread([life] {
      std::this_thread::sleep_for(life);
      end_suddenly();
    }).detach();
  }
  std::string phase = "begin";
  int step = 0;
  std::mutex steps;  // flushing has a thread of its own
  const auto live_on = [&](const std::string& name) {
    const std::scoped_lock lock(steps);
    if (last < 0) std::cout << phase << ": " << name << std::endl;
    if (++step != last) return;
    std::cout << phase << ": " << name << std::endl;
    end_suddenly();
  };
  FaultyStorage storage;
  storage.before = live_on;
  const auto vfs = std::make_unique<FaultyVfs>([&] {
    live_on("sqlite");
    return SQLITE_OK;
  });
  const auto on_progress = [&](const RestoreProgress& progress) {
    const std::scoped_lock lock(steps);
    phase = name(progress.phase);
  };
  run_restore(request, storage, clock, on_progress, {});
  std::cout << "survived" << std::endl;
  return 0;
}
