#include <functional>
#include <memory>

#include <catch2/catch_test_macros.hpp>

#include "service/platform/user_rights.h"
#include "tests/support/protected_dataset.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

constexpr const char* kAnna = "S-1-5-21-1";
constexpr const char* kKey = "emr@S-1-5-21-1";

class AnnasRights final : public UserRights {
  void take_on() const override {}
  void lay_down() const noexcept override {}
};

// Anna signs out while the job of that number is done.
class AnnasDataset : public ProtectedDataset {
 public:
  explicit AnnasDataset(int last_job) : last_job_(last_job) {
    // Of a time that no catalog knows: it has to be checked.
    work.disk[kFolder]["emr_20261101T100000Z_PC.zip"].manifest.host = "PC";
    work.on_job = [this] { note_job(); };
    start({});
    protection->use(
        {annas()},
        {{.user = {.sid = kAnna,
                   .name = "anna",
                   .folders = {{"documents", "/home/anna"}, {"localappdata", "/home/anna"}},
                   .rights = rights_}}});
    settle();
  }

  // With something to do for each step that may follow a backup.
  void back_up_again_and_again() {
    for (int i = 0; i < 4; ++i) {
      change_data();
      pass(4h);
    }
    auto& disk = work.disk[kFolder];
    const std::string archive = disk.rbegin()->first;
    disk[archive.substr(0, archive.size() - 4) + "-LAPTOP.zip"] = disk.at(archive);
    change_data();
    pass(4h);
  }
  void ask_for_everything() {
    const auto known = protection->archives(kKey);  // a copy, for what is known changes meanwhile
    if (known.empty()) return;
    const std::string archive = known.back().file_name;
    protection->tick();
    attempt([&] { protection->verify_archive(kKey, archive, [](const auto&, const auto&) {}); });
    attempt([&] {
      protection->delete_archive(kKey, archive, "anna", [](const auto&, const auto&) {});
    });
    settle();
    attempt([&] { protection->ask_for_drill(kKey, archive, "anna"); });
    attempt([&] { protection->ask_for_restore(kKey, known.front().file_name, false, "anna"); });
    settle();
    pass(4h);
  }

  int jobs() const { return jobs_; }
  bool has_signed_out() const { return jobs_ > last_job_; }
  // What had been handed to a worker by then comes to its end.
  int begun_since() const { return jobs_ - last_job_ - 1 - begun_before_; }
  int done_with_other_rights() const { return with_other_rights_; }

 private:
  static constexpr const char* kFolder = "/home/anna/backups";

  static EffectiveDataset annas() {
    EffectiveDataset emr = dataset();
    emr.owner = kAnna;
    emr.dataset.destination = FolderDestination{"{documents}/backups"};
    return emr;
  }
  void note_job() {
    if (acting_as() != rights_.get()) ++with_other_rights_;
    if (jobs_++ != last_job_) return;
    begun_before_ = static_cast<int>(workers.waiting());
    protection->use({annas()}, {});
  }
  static void attempt(const std::function<void()>& ask) {
    try {
      ask();
    } catch (const Error&) {  // nothing is promised to whoever has signed out
    }
  }

  const int last_job_;
  const std::shared_ptr<const UserRights> rights_ = std::make_shared<AnnasRights>();
  int jobs_ = 0;
  int begun_before_ = 0;
  int with_other_rights_ = 0;
};

TEST_CASE(
    "Once a user has signed out nothing more is done in that user's folder, whatever was begun or "
    "asked for") {
  for (int last_job = 0;; ++last_job) {
    AnnasDataset emr(last_job);
    emr.back_up_again_and_again();
    emr.ask_for_everything();
    if (!emr.has_signed_out()) {
      CHECK(emr.jobs() > 20);
      break;
    }
    CAPTURE(last_job);
    CHECK(emr.begun_since() <= 0);
    CHECK(emr.done_with_other_rights() == 0);
    emr.pass(24h);
    CHECK(emr.begun_since() <= 0);
  }
}

}  // namespace
}  // namespace holdfast
