#include "tests/support/protected_dataset.h"

#include <algorithm>

namespace holdfast {

using namespace std::chrono_literals;

EffectiveDataset ProtectedDataset::dataset(const std::string& id) {
  return {.dataset = {.id = id,
                      .title = "The practice",
                      .database = "/data/clinic.db",
                      .destination = FolderDestination{kDestination},
                      .schedule = Every{4h},
                      .keep = {.last = 3},
                      .counts = {{"patients", "SELECT 1"}},
                      .drill_every = std::nullopt}};
}

ProtectedDataset::ProtectedDataset() {
  work.now = [this] { return clock.now(); };
  work.counts = {{"patients", 100}};
  start();
}

void ProtectedDataset::start(const std::vector<EffectiveDataset>& datasets) {
  protection.reset();
  protection =
      std::make_unique<Protection>(Protection::Parts{.catalog_file = folder.path() / "catalog.db",
                                                     .work = work,
                                                     .workers = workers,
                                                     .events = events,
                                                     .clock = clock,
                                                     .zone = zone,
                                                     .machine = {.host = "PC", .user = "anna"},
                                                     .on_change = [] {}});
  protection->use(datasets);
}

void ProtectedDataset::settle() {
  do {
    workers.do_all();
    protection->tick();
  } while (workers.waiting() != 0);
}

void ProtectedDataset::pass(std::chrono::seconds time) {
  clock.advance(time);
  settle();
}

std::vector<RunOutcome> ProtectedDataset::outcomes() {
  std::vector<RunOutcome> all;
  for (const RunRecord& run : protection->history({.limit = 100})) all.push_back(run.outcome);
  return all;
}

int ProtectedDataset::told(EventId id) const {
  return static_cast<int>(std::ranges::count(events.events, id, &Event::id));
}

}  // namespace holdfast
