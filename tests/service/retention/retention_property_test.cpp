#include <algorithm>
#include <random>

#include <catch2/catch_test_macros.hpp>

#include "service/retention/retention.h"
#include "tests/support/fake_time_zone.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using Check = ArchiveFacts::Check;
using Kind = ArchiveName::Kind;
using Verdict = RetentionDecision::Verdict;

constexpr int kDays = 10'000;

// What happens to a store beside backups that succeed.
struct Trouble {
  bool clock_jumps = false;
  bool archives_break = false;
  bool catalog_is_lost = false;  // now and then
};

// A store of two computers that is backed up to and cleaned day after day.
class Store {
 public:
  Store(const RetentionPolicy& policy, const Trouble& trouble, std::uint64_t seed)
      : policy_(policy), trouble_(trouble), random_(seed) {}

  void run() {
    for (int day = 0; day < kDays && fault_.empty(); ++day) {
      true_now_ += days(one_in(20) ? random_() % 30 : 1);
      if (trouble_.clock_jumps && one_in(10)) skew_ = days(random_() % 2000) - days(1000);
      if (trouble_.clock_jumps && one_in(4)) skew_ = days(0);
      for (auto left = random_() % 3; left > 0; --left) make_archive("PC");
      if (one_in(4)) make_archive("RECEPTION");
      happen();
      if (one_in(2)) clean();
    }
  }

  const std::string& fault() const { return fault_; }
  std::size_t size() const { return archives_.size(); }

 private:
  bool one_in(unsigned times) { return random_() % times == 0; }
  ArchiveFacts& any_archive() { return archives_[random_() % archives_.size()]; }

  void make_archive(const char* host) {
    true_now_ += std::chrono::seconds(random_() % 30'000);
    const bool safety = one_in(15);
    archives_.push_back({.id = std::to_string(++made_),
                         .kind = safety ? Kind::Safety : Kind::Backup,
                         .host = host,
                         .taken_at = true_now_ + skew_,
                         .sequence = made_,
                         .check = Check::Verified});
  }

  void happen() {
    if (archives_.empty()) return;
    if (one_in(7)) any_archive().drilled_at = true_now_ + skew_;
    if (one_in(3)) any_archive().cloud_confirmed_at = true_now_ + skew_;
    if (trouble_.archives_break && one_in(15)) any_archive().check = Check::Broken;
    if (trouble_.catalog_is_lost && one_in(500)) {
      for (ArchiveFacts& archive : archives_) {
        archive.sequence.reset();
        archive.check = Check::Unknown;
      }
    }
    if (ArchiveFacts& archive = any_archive(); archive.check == Check::Unknown) {
      archive.check = Check::Verified;
    }
  }

  void clean() {
    const auto deleted = decide();
    expect_nothing_precious(deleted);
    const std::size_t kept_good = good(Kind::Backup, deleted);
    const std::size_t all_good = good(Kind::Backup, {});
    if (kept_good < std::min<std::size_t>(static_cast<std::size_t>(policy_.last), all_good)) {
      fail("too few good archives stay");
    }
    if (good(Kind::Safety, deleted) <
        std::min<std::size_t>(static_cast<std::size_t>(policy_.safety), good(Kind::Safety, {}))) {
      fail("too few safety archives stay");
    }
    std::erase_if(archives_, [&](const ArchiveFacts& archive) {
      return std::find(deleted.begin(), deleted.end(), archive.id) != deleted.end();
    });
    if (!deleted.empty() && !decide().empty()) fail("a second look deletes more");
  }

  std::vector<std::string> decide() const {
    std::vector<std::string> deleted;
    for (const RetentionDecision& decision :
         retention(archives_, policy_, "PC", zone_, true_now_ + skew_, "")) {
      if (decision.verdict == Verdict::Delete) deleted.push_back(decision.id);
    }
    return deleted;
  }

  std::size_t good(Kind kind, const std::vector<std::string>& deleted) const {
    return static_cast<std::size_t>(
        std::count_if(archives_.begin(), archives_.end(), [&](const ArchiveFacts& archive) {
          return archive.host == "PC" && archive.kind == kind && archive.check == Check::Verified &&
                 std::find(deleted.begin(), deleted.end(), archive.id) == deleted.end();
        }));
  }

  // The archives stand in the order in which they were made; the last of each sort must stay.
  void expect_nothing_precious(const std::vector<std::string>& deleted) {
    const auto is_deleted = [&](const ArchiveFacts& archive) {
      return std::find(deleted.begin(), deleted.end(), archive.id) != deleted.end();
    };
    const auto last_stays = [&](const char* what, auto is_one) {
      const auto last = std::find_if(archives_.rbegin(), archives_.rend(), is_one);
      if (last != archives_.rend() && is_deleted(*last)) fail(what);
    };
    for (const Kind kind : {Kind::Backup, Kind::Safety}) {
      const auto whole = [kind](const ArchiveFacts& archive) {
        return archive.host == "PC" && archive.kind == kind && archive.check != Check::Broken;
      };
      last_stays("the newest verified is deleted", [&](const ArchiveFacts& archive) {
        return whole(archive) && archive.check == Check::Verified;
      });
      last_stays("the last drilled is deleted",
                 [&](const ArchiveFacts& archive) { return whole(archive) && archive.drilled_at; });
      last_stays("the last in the cloud is deleted", [&](const ArchiveFacts& archive) {
        return whole(archive) && archive.cloud_confirmed_at;
      });
    }
    for (const ArchiveFacts& archive : archives_) {
      if (archive.host != "PC" && is_deleted(archive)) fail("another computer's is deleted");
    }
    // Theirs clean up after themselves.
    if (archives_.size() > 50) {
      std::erase_if(archives_, [](const ArchiveFacts& archive) { return archive.host != "PC"; });
    }
  }

  void fail(const char* what) { fault_ = std::string(what) + " at " + utc_text(true_now_); }

  RetentionPolicy policy_;
  Trouble trouble_;
  std::mt19937_64 random_;
  FakeTimeZone zone_ = berlin();
  Time true_now_ = time_from("2026-01-01T00:00:00Z");
  std::chrono::seconds skew_{};
  std::vector<ArchiveFacts> archives_;
  std::uint64_t made_ = 0;
  std::string fault_;
};

TEST_CASE("In 10,000 days whatever happens, retention keeps enough and all that is precious") {
  const RetentionPolicy policies[] = {{}, {.last = 3, .daily = 7, .weekly = 4, .monthly = 12}};
  const Trouble troubles[] = {{},
                              {.clock_jumps = true},
                              {.clock_jumps = true, .archives_break = true},
                              {.catalog_is_lost = true}};
  for (const RetentionPolicy& policy : policies) {
    for (const Trouble& trouble : troubles) {
      const std::uint64_t seed = 20261120;
      CAPTURE(seed, policy.last, trouble.clock_jumps, trouble.archives_break,
              trouble.catalog_is_lost);
      Store store(policy, trouble, seed);
      store.run();
      CHECK(store.fault() == "");
      CHECK(store.size() < 200);
    }
  }
}

}  // namespace
}  // namespace holdfast
