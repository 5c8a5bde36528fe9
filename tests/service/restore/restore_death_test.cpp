#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "common/path_text.h"
#include "service/restore/restore_recovery.h"
#include "tests/support/child_process.h"
#include "tests/support/database.h"
#include "tests/support/restored_practice.h"

namespace holdfast {
namespace {

using std::chrono::microseconds;

struct Death {
  int step = 0;
  microseconds life{0};
};

// A process that is about to restore, and to die.
void begin_restore(ChildProcess& process, RestoredPractice& practice, Death death) {
  practice.clock.advance(std::chrono::seconds(60));
  process.write_line(path_text(practice.archive));
  process.write_line(path_text(practice.database()));
  process.write_line(path_text(practice.safety()));
  process.write_line(utc_text(practice.clock.now()));
  process.write_line(std::to_string(death.step));
  process.write_line(std::to_string(death.life.count()));
}

// The step before which the process died, or "survived"; nothing when its time was over before.
std::string restore_dying_at(RestoredPractice& practice, Death death) {
  ChildProcess process("dying_restore");
  begin_restore(process, practice, death);
  const std::string name = process.read_line();
  const bool has_ended_well = process.finish() == 0;
  // Time may be over between the last word and the end. What code the dead have depends on the
  // system.
  if (name == "survived" && death.life.count() == 0) CHECK(has_ended_well);
  return name;
}

// Every step of a restore by its number, counted from 1. Where to start a process takes long, of
// those in a row that have the same name only the first and some.
std::vector<int> steps_to_die_at(RestoredPractice& practice) {
  const auto begin = std::chrono::steady_clock::now();
  ChildProcess process("dying_restore");
  begin_restore(process, practice, {.step = -1});
  std::vector<std::string> names{process.read_line()};
  while (names.back() != "survived") names.push_back(process.read_line());
  CHECK(process.finish() == 0);
  const bool is_slow = std::chrono::steady_clock::now() - begin > std::chrono::milliseconds(100);
  const std::size_t every = is_slow ? 5 : 1;
  std::vector<int> steps;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool is_new = i == 0 || names[i] != names[i - 1];
    if (is_new || i % every == 0) steps.push_back(static_cast<int>(i) + 1);
  }
  return steps;
}

// What is there now is entirely what the recovery says. What was damaged may be so again.
void check_recovered(RestoredPractice& practice, const RestoredPractice::State& changed,
                     const std::string& damaged = {}) {
  const Recovery recovery = recover_restore(practice.storage, practice.database());
  CHECK(recover_restore(practice.storage, practice.database()) == Recovery::Nothing);
  for (const auto& entry : std::filesystem::directory_iterator(practice.data())) {
    CHECK_FALSE(path_text(entry.path().filename()).starts_with(".holdfast"));
  }
  if (!damaged.empty() && file_content(practice.database()) == damaged) {
    CHECK(recovery != Recovery::Finished);
    CHECK(file_content(practice.data() / "settings.json") == "second");
    return;
  }
  const auto now = practice.state();
  CHECK((now == changed || now == practice.before));
  if (recovery == Recovery::RolledBack) CHECK(now == changed);
  if (recovery == Recovery::Finished) CHECK(now == practice.before);
}

// Much that comes and goes: pages are added to the database, or cut off.
constexpr const char* kGrow =
    "WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)"
    "INSERT INTO visit SELECT i, hex(randomblob(100)) FROM n;";

TEST_CASE(
    "A restore that is killed at any step is entirely old or entirely new at the next start") {
  const std::string journal = GENERATE("WAL", "DELETE");
  const bool is_damaged = GENERATE(false, true);
  RestoredPractice practice(journal);
  practice.change();
  const auto changed = practice.state();
  std::string damaged = file_content(practice.database());
  for (std::size_t at = 4096; at < 8192; ++at) damaged[at] = 'x';

  const auto begin_anew = [&] {
    practice.become_changed();
    if (is_damaged) write_file(practice.database(), damaged);
  };
  begin_anew();
  const std::vector<int> steps = steps_to_die_at(practice);
  CHECK(steps.size() > 25);
  std::string name;
  for (const int step : steps) {
    begin_anew();
    name = restore_dying_at(practice, {.step = step});
    CAPTURE(journal, is_damaged, step, name);
    REQUIRE_FALSE(name.empty());
    check_recovered(practice, changed, is_damaged ? damaged : std::string());
  }
  CHECK(name == "survived");
}

TEST_CASE(
    "A restore that grows or shrinks the database is entirely old or new wherever it is killed") {
  const std::string journal = GENERATE("WAL", "DELETE");
  const bool grows = GENERATE(false, true);
  CAPTURE(journal, grows);
  RestoredPractice practice(journal);
  if (grows) {
    execute(open_database(practice.database()).get(), kGrow);
    practice.archive = practice.back_up();
    practice.before = practice.state();
    execute(open_database(practice.database()).get(), "DELETE FROM visit WHERE id >= 300; VACUUM");
  } else {
    execute(open_database(practice.database()).get(), kGrow);
  }
  practice.change();
  const auto changed = practice.state();

  practice.become_changed();
  const std::vector<int> steps = steps_to_die_at(practice);
  std::mt19937 random(1);
  std::string name;
  for (std::size_t i = 0; i < steps.size(); i += 1 + random() % 10) {
    practice.become_changed();
    name = restore_dying_at(practice, {.step = steps[i]});
    CAPTURE(steps[i], name);
    REQUIRE_FALSE(name.empty());
    check_recovered(practice, changed);
  }
}

TEST_CASE("A restore that is killed at any time is entirely old or entirely new") {
  const std::string journal = GENERATE("WAL", "DELETE");
  CAPTURE(journal);
  RestoredPractice practice(journal);
  execute(open_database(practice.database()).get(), kGrow);
  practice.change();
  const auto changed = practice.state();
  practice.become_changed();
  const auto begin = std::chrono::steady_clock::now();
  REQUIRE(restore_dying_at(practice, {}) == "survived");
  const auto whole =
      std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - begin);

  std::mt19937 random(static_cast<unsigned>(whole.count()));
  std::uniform_int_distribution<std::int64_t> any_time(1, whole.count());
  // Fewer where to start a process takes long.
  const auto rounds = std::min<std::int64_t>(100, microseconds(20'000'000) / whole);
  REQUIRE(rounds > 0);
  for (std::int64_t round = 0; round < rounds; ++round) {
    practice.become_changed();
    const microseconds life(any_time(random));
    CAPTURE(round, life.count());
    restore_dying_at(practice, {.life = life});
    check_recovered(practice, changed);
  }
}

}  // namespace
}  // namespace holdfast
