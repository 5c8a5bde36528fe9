#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <tuple>

#include <catch2/catch_test_macros.hpp>

#include "service/catalog/catalog.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using Check = ArchiveFacts::Check;

const Time kNow = time_from("2026-11-20T10:00:00Z");
const std::vector<std::string> kDatasets{"clinic", "rvu", "märz'--"};
const std::vector<std::string> kDestinations{"E:\\", "C:\\Users\\Ann\\OneDrive"};

using Key = std::tuple<std::string, std::string, std::string>;

Key key_of(const ArchiveRecord& archive) {
  return {archive.dataset, archive.destination, archive.file_name};
}

// What a catalog is to hold, in memory and without cleverness.
class Model {
 public:
  std::vector<RunRecord> runs(const std::string& dataset) const {
    std::vector<RunRecord> newest_first;
    for (auto run = all_runs.rbegin(); run != all_runs.rend(); ++run) {
      if (dataset.empty() || run->dataset == dataset) newest_first.push_back(*run);
    }
    return newest_first;
  }

  std::vector<ArchiveRecord> archives(const std::string& dataset) const {
    std::vector<ArchiveRecord> found;
    for (const auto& [key, archive] : all_archives) {
      if (archive.dataset == dataset) found.push_back(archive);
    }
    std::sort(found.begin(), found.end(), [](const ArchiveRecord& a, const ArchiveRecord& b) {
      const auto age = [](const ArchiveRecord& archive) {
        return std::tuple(archive.sequence.value_or(0), archive.taken_at, archive.file_name);
      };
      return age(a) > age(b);
    });
    return found;
  }

  RunSummary summary(const std::string& dataset) const {
    RunSummary summary;
    for (const RunRecord& run : all_runs) {
      const bool counts = run.dataset == dataset && run.kind == RunKind::Backup;
      if (!counts || run.outcome == RunOutcome::Running) continue;
      summary.last = run;
      const bool failed =
          run.outcome == RunOutcome::Failed || run.outcome == RunOutcome::Interrupted;
      summary.failures = failed ? summary.failures + 1 : 0;
      if (failed || run.outcome == RunOutcome::Cancelled) continue;
      summary.last_good_start = run.started_at;
      summary.unchanged_at =
          run.outcome == RunOutcome::Unchanged ? run.ended_at : std::optional<Time>();
    }
    return summary;
  }

  std::vector<RunRecord> all_runs;
  std::map<Key, ArchiveRecord> all_archives;
  std::map<std::string, DatasetRecord> datasets;
  std::uint64_t last_sequence = 0;
};

// A catalog and its model, which go the same random way.
class Journey {
 public:
  explicit Journey(unsigned seed) : random_(seed) { reopen(); }

  void step() {
    switch (random_() % 12) {
      case 0: reopen(); break;
      case 1: save(); break;
      case 2: forget(); break;
      case 3: update(); break;
      case 4:
      case 5: reconcile(); break;
      case 6: interrupt(); break;
      case 7:
      case 8:
      case 9: begin(); break;
      default: end();
    }
  }

  void compare() {
    for (const std::string& dataset : kDatasets) {
      CHECK(catalog_->runs({.dataset = dataset, .limit = 100'000}) == model_.runs(dataset));
      CHECK(catalog_->archives(dataset) == model_.archives(dataset));
      const RunSummary is = catalog_->summary(dataset);
      const RunSummary should = model_.summary(dataset);
      CHECK(is.last == should.last);
      CHECK(is.failures == should.failures);
      CHECK(is.last_good_start == should.last_good_start);
      CHECK(is.unchanged_at == should.unchanged_at);
    }
    CHECK(catalog_->runs({.limit = 5}) == [this] {
      auto runs = model_.runs("");
      runs.resize(std::min<std::size_t>(runs.size(), 5));
      return runs;
    }());
  }

 private:
  template <typename Values>
  auto any_of(const Values& values) {
    return *std::next(values.begin(), static_cast<std::ptrdiff_t>(random_() % values.size()));
  }

  Time any_time() { return kNow + std::chrono::minutes(random_() % 1000); }

  std::optional<Time> maybe_time() {
    return random_() % 2 == 0 ? std::nullopt : std::optional<Time>(any_time());
  }

  std::map<std::string, std::int64_t> any_counts() {
    std::map<std::string, std::int64_t> counts;
    for (auto i = random_() % 4; i > 0; --i) {
      counts[std::to_string(random_() % 5)] = static_cast<std::int64_t>(random_() % 100) - 50;
    }
    return counts;
  }

  ArchiveRecord any_archive() {
    return {.dataset = any_of(kDatasets),
            .destination = any_of(kDestinations),
            .file_name = std::to_string(random_() % 12) + ".zip",
            .format = any_of(std::vector{ArchiveFormat::Holdfast, ArchiveFormat::LegacyZip}),
            .kind = any_of(std::vector{ArchiveName::Kind::Backup, ArchiveName::Kind::Safety}),
            .host = random_() % 2 == 0 ? "" : "PC",
            .taken_at = any_time(),
            .bytes = random_() % 3,
            .check = any_of(std::vector{Check::Unknown, Check::Verified, Check::Broken}),
            .checked_at = maybe_time(),
            .fault = random_() % 2 == 0 ? "" : "a fault",
            .reason = "r" + std::to_string(random_() % 9),
            .counts = any_counts(),
            .schema_hash = "h",
            .drilled_at = maybe_time(),
            .cloud_confirmed_at = maybe_time(),
            .cloud_state = random_() % 2 == 0 ? "" : "waiting",
            .cloud_since = maybe_time(),
            .cloud_sentence = "s" + std::to_string(random_() % 9),
            .written_at = static_cast<std::int64_t>(random_() % 9),
            .file_hash = "f" + std::to_string(random_() % 9),
            .conflict_of = random_() % 2 == 0 ? "" : "1.zip"};
  }

  ArchiveRecord any_known_archive() {
    if (model_.all_archives.empty() || random_() % 8 == 0) return any_archive();
    ArchiveRecord archive = any_archive();
    const ArchiveRecord known = any_of(model_.all_archives).second;
    archive.dataset = known.dataset;
    archive.destination = known.destination;
    archive.file_name = known.file_name;
    return archive;
  }

  void reopen() {
    catalog_.reset();
    catalog_ = std::make_unique<Catalog>(folder_.path() / "catalog.db", kNow);
    CHECK(catalog_->begun_anew().empty());
  }

  void save() {
    const std::string dataset = any_of(kDatasets);
    const Time now = any_time();
    DatasetRecord& record =
        model_.datasets.try_emplace(dataset, DatasetRecord{.dataset = dataset, .known_since = now})
            .first->second;
    CHECK(catalog_->dataset(dataset, now) == record);
    record.damage = random_() % 2 == 0 ? "" : "damaged";
    record.change_mark = std::to_string(random_());
    record.marked_archive = std::to_string(random_());
    record.good_counts = any_counts();
    record.drops.resize(random_() % 3, {"visits", 9, std::nullopt});
    catalog_->save(record);
    CHECK(catalog_->dataset(dataset, now) == record);
  }

  void forget() {
    const ArchiveRecord archive = any_known_archive();
    catalog_->forget(archive);
    model_.all_archives.erase(key_of(archive));
  }

  void update() {
    ArchiveRecord archive = any_known_archive();
    archive.sequence = random_() % 100;
    catalog_->update(archive);
    const auto known = model_.all_archives.find(key_of(archive));
    if (known == model_.all_archives.end()) return;
    archive.sequence = known->second.sequence;
    known->second = archive;
  }

  // The catalog's own rule for one archive is tested by itself; here all are new, gone or changed.
  void reconcile() {
    const std::string dataset = any_of(kDatasets);
    const std::string destination = any_of(kDestinations);
    std::map<std::string, ArchiveRecord> found;
    for (auto i = random_() % 10; i > 0; --i) {
      ArchiveRecord archive = any_archive();
      archive.dataset = dataset;
      archive.destination = destination;
      const auto known = model_.all_archives.find(key_of(archive));
      archive.bytes = known == model_.all_archives.end() ? 7 : known->second.bytes + 1;
      if (known != model_.all_archives.end() && random_() % 2 == 0) {
        archive = {.file_name = archive.file_name, .bytes = known->second.bytes};
      }
      found[archive.file_name] = archive;
    }
    std::vector<ArchiveRecord> list;
    for (const auto& [name, archive] : found) list.push_back(archive);
    const auto result = catalog_->reconcile(dataset, destination, list);
    Catalog::Reconciled expected;
    for (auto at = model_.all_archives.begin(); at != model_.all_archives.end();) {
      const ArchiveRecord& known = at->second;
      const bool here = known.dataset == dataset && known.destination == destination;
      const bool gone = here && !found.contains(known.file_name);
      if (gone) expected.gone.push_back(known.file_name);
      at = gone ? model_.all_archives.erase(at) : std::next(at);
    }
    for (ArchiveRecord& archive : list) {
      if (archive.taken_at == Time{}) continue;
      archive.check = Check::Unknown;
      archive.checked_at = archive.drilled_at = archive.cloud_confirmed_at = std::nullopt;
      archive.cloud_state = archive.cloud_sentence = archive.file_hash = "";
      archive.cloud_since = std::nullopt;
      archive.written_at = 0;
      const auto known = model_.all_archives.find(key_of(archive));
      const bool is_new = known == model_.all_archives.end();
      (is_new ? expected.added : expected.changed).push_back(archive.file_name);
      if (!is_new) archive.sequence = known->second.sequence;
      model_.all_archives[key_of(archive)] = archive;
    }
    CHECK(result.added == expected.added);
    CHECK(result.gone == expected.gone);
    CHECK(result.changed == expected.changed);
  }

  void begin() {
    RunRecord run{.dataset = any_of(kDatasets),
                  .kind = random_() % 4 == 0 ? RunKind::Drill : RunKind::Backup,
                  .cause = "schedule",
                  .started_at = any_time()};
    run.id = catalog_->begin_run(run);
    if (!model_.all_runs.empty()) CHECK(run.id > model_.all_runs.back().id);
    model_.all_runs.push_back(run);
  }

  void interrupt() {
    int count = 0;
    const Time now = any_time();
    for (RunRecord& run : model_.all_runs) {
      if (run.outcome != RunOutcome::Running) continue;
      run.outcome = RunOutcome::Interrupted;
      run.ended_at = now;
      run.sentence = "The Holdfast service ended while this was under way.";
      ++count;
    }
    CHECK(catalog_->end_interrupted_runs(now) == count);
  }

  void end() {
    const auto run =
        std::find_if(model_.all_runs.begin(), model_.all_runs.end(), [this](const RunRecord& each) {
          return each.outcome == RunOutcome::Running && random_() % 3 != 0;
        });
    if (run == model_.all_runs.end()) return;
    const RunEnd end{.ended_at = any_time(),
                     .outcome = any_of(std::vector{RunOutcome::Verified, RunOutcome::Unchanged,
                                                   RunOutcome::Failed, RunOutcome::Cancelled}),
                     .error_code = "c",
                     .sentence = "s"};
    run->ended_at = end.ended_at;
    run->outcome = end.outcome;
    run->error_code = end.error_code;
    run->sentence = end.sentence;
    if (end.outcome != RunOutcome::Verified) {
      catalog_->end_run(run->id, end);
      return;
    }
    ArchiveRecord archive = any_archive();
    run->archive = archive.file_name;
    catalog_->end_run(run->id, end, archive);
    archive.sequence = ++model_.last_sequence;
    model_.all_archives[key_of(archive)] = archive;
  }

  std::mt19937 random_;
  TemporaryFolder folder_;
  std::unique_ptr<Catalog> catalog_;
  Model model_;
};

TEST_CASE("Whatever is done with a catalog, it holds what a simple model of it holds") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  Journey journey(seed);
  for (int step = 0; step < 1000; ++step) {
    CAPTURE(step);
    journey.step();
    if (step % 10 == 0) journey.compare();
  }
  journey.compare();
}

}  // namespace
}  // namespace holdfast
