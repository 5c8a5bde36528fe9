#include <set>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "common/path_text.h"
#include "service/restore/restore_recovery.h"
#include "tests/support/child_process.h"
#include "tests/support/database.h"
#include "tests/support/restored_practice.h"

namespace holdfast {
namespace {

// The step before which the process died, or "survived".
std::string restore_dying_at(RestoredPractice& practice, int step) {
  practice.clock.advance(std::chrono::seconds(60));
  ChildProcess process("dying_restore");
  process.write_line(path_text(practice.archive));
  process.write_line(path_text(practice.database()));
  process.write_line(path_text(practice.safety()));
  process.write_line(utc_text(practice.clock.now()));
  process.write_line(std::to_string(step));
  const std::string name = process.read_line();
  CHECK((process.finish() == 0) == (name == "survived"));
  return name;
}

TEST_CASE(
    "A restore that is killed at any step is entirely old or entirely new at the next start") {
  const std::string journal = GENERATE("WAL", "DELETE");
  const bool is_damaged = GENERATE(false, true);
  RestoredPractice practice(journal);
  practice.change();
  const auto changed = practice.state();
  std::string damaged = file_content(practice.database());
  for (std::size_t at = 4096; at < 8192; ++at) damaged[at] = 'x';

  std::set<std::string> died_before;
  int steps = 0;
  for (int step = 1; !died_before.contains("survived"); ++step) {
    REQUIRE(step < 400);
    practice.become_changed();
    if (is_damaged) write_file(practice.database(), damaged);
    const std::string name = restore_dying_at(practice, step);
    CAPTURE(journal, is_damaged, step, name);
    REQUIRE_FALSE(name.empty());
    died_before.insert(name);
    ++steps;
    const Recovery recovery = recover_restore(practice.storage, practice.database());
    CHECK(recover_restore(practice.storage, practice.database()) == Recovery::Nothing);
    for (const auto& entry : std::filesystem::directory_iterator(practice.data())) {
      CHECK_FALSE(path_text(entry.path().filename()).starts_with(".holdfast"));
    }
    if (is_damaged && file_content(practice.database()) == damaged) {
      CHECK(recovery != Recovery::Finished);
      CHECK(file_content(practice.data() / "settings.json") == "second");
      continue;
    }
    const auto now = practice.state();
    CHECK((now == changed || now == practice.before));
    if (recovery == Recovery::RolledBack) CHECK(now == changed);
    if (recovery == Recovery::Finished) CHECK(now == practice.before);
  }
  CHECK(steps > 25);
}

}  // namespace
}  // namespace holdfast
