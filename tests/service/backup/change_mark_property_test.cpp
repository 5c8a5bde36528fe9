#include <array>
#include <map>
#include <random>
#include <stdexcept>

#include <catch2/catch_test_macros.hpp>

#include "service/backup/change_mark.h"
#include "tests/support/application.h"
#include "tests/support/database.h"
#include "tests/support/old_database.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using Where = Application::Where;

// Whatever an application, or two of them, may do between two looks.
class RandomLife {
 public:
  RandomLife(unsigned seed, OldDatabase& database)
      : random_(seed),
        database_(database),
        apps_{Application(Where::ThisProcess, database.path()),
              Application(Where::ThisProcess, database.path())} {
    apps_[0].execute("CREATE TABLE visit (id INTEGER PRIMARY KEY, note)");
    apps_[0].execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) "
        "INSERT INTO visit SELECT i, hex(zeroblob(50)) FROM n");
  }

  std::string step() {
    Application& app = apps_[below(2)];
    const unsigned dice = below(20);
    if (!app.is_open()) {
      if (dice == 0 && !apps_[0].is_open() && !apps_[1].is_open()) return swap_with_copy();
      app.open();
      app.execute("PRAGMA busy_timeout=0");
      return "open";
    }
    if (dice < 3) {
      app.close();
      return "close";
    }
    const std::string sql = statement(dice);
    try {
      app.execute(sql);
    } catch (const std::runtime_error&) {
      return sql + " (refused)";
    }
    return sql;
  }

 private:
  unsigned below(unsigned end) { return static_cast<unsigned>(random_()) % end; }

  std::string swap_with_copy() {
    std::string now = file_content(database_.path());
    if (!copy_.empty()) {
      database_.put(copy_, below(2) == 0 ? OldDatabase::Put::Into : OldDatabase::Put::InPlace);
    }
    copy_ = std::move(now);
    return "the other copy";
  }

  std::string statement(unsigned dice) {
    const std::string id = std::to_string(below(300));
    const std::array<std::string, 4> checkpoints{"PASSIVE", "FULL", "RESTART", "TRUNCATE"};
    // With PERSIST one of two applications keeps a journal open that, on Windows, the other then
    // cannot delete.
    const std::array<std::string, 4> modes{"WAL", "WAL", "DELETE", "MEMORY"};
    switch (dice) {
      case 3:
      case 4: return "INSERT OR REPLACE INTO visit VALUES (" + id + ", hex(randomblob(50)))";
      case 5: return "DELETE FROM visit WHERE id = " + id;
      case 6: return "DELETE FROM visit WHERE id > " + id;
      case 7: return "BEGIN; UPDATE visit SET note = 'x' WHERE id > " + id + "; ROLLBACK";
      case 8:
        return "PRAGMA cache_size=2; BEGIN; UPDATE visit SET note = hex(randomblob(400)); ROLLBACK";
      case 9: return "VACUUM";
      case 10:
      case 11: return "PRAGMA wal_checkpoint(" + checkpoints[below(4)] + ")";
      case 12: return "PRAGMA journal_mode=" + modes[below(4)];
      case 13: return "SELECT sum(length(note)) FROM visit";
      case 14: return "PRAGMA user_version=" + id;
      default: return "UPDATE visit SET note = hex(randomblob(50)) WHERE id = " + id;
    }
  }

  std::mt19937 random_;
  OldDatabase& database_;
  std::array<Application, 2> apps_;
  std::string copy_;
};

TEST_CASE("In thousands of random steps no two contents ever have the same mark") {
  constexpr unsigned kLives = 14;
  constexpr int kSteps = 150;
  int repeated = 0;
  for (unsigned seed = 0; seed < kLives; ++seed) {
    const TemporaryFolder folder;
    OldDatabase database(folder.path());
    RandomLife life(seed, database);
    std::map<std::string, std::string> contents;  // by their marks
    for (int number = 0; number < kSteps; ++number) {
      const std::string step = life.step();
      const std::string mark = database.mark();
      const auto [known, is_new] = contents.try_emplace(mark, database.content());
      CAPTURE(seed, number, step);
      REQUIRE_FALSE(mark.empty());
      if (is_new) continue;
      ++repeated;
      REQUIRE(known->second == database.content());
    }
  }
  CHECK(repeated > 100);
}

}  // namespace
}  // namespace holdfast
