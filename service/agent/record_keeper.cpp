#include "service/agent/record_keeper.h"

#include <set>
#include <string>
#include <utility>

#include <spdlog/spdlog.h>

#include "common/path_text.h"

namespace holdfast {

RecordKeeper::RecordKeeper(const std::filesystem::path& file, const Clock& clock)
    : file_(file), clock_(clock) {
  write([this](Catalog& catalog) {
    const int interrupted = catalog.end_interrupted_runs(clock_.now());
    if (interrupted != 0) spdlog::warn("{} run(s) ended with the service", interrupted);
  });
  was_opened_ = false;
}

void RecordKeeper::open() {
  catalog_.emplace(file_, clock_.now());
  was_opened_ = true;
  if (!catalog_->begun_anew().empty()) spdlog::error("{}", catalog_->begun_anew());
}

std::vector<std::string> RecordKeeper::datasets() {
  std::vector<std::string> keys;
  read([&](Catalog& catalog) { keys = catalog.datasets(); });
  return keys;
}

void RecordKeeper::load(DatasetState& state) {
  // What cannot be read is known from now on.
  state.record.known_since = clock_.now();
  write([&](Catalog& catalog) {
    state.record = catalog.dataset(state.key, clock_.now());
    state.runs = catalog.summary(state.key);
    state.archives = catalog.archives(state.key);
  });
}

void RecordKeeper::begin(RunRecord& run) {
  run.id = 0;
  write([&](Catalog& catalog) { run.id = catalog.begin_run(run); });
}

void RecordKeeper::end(const RunRecord& run, const ArchiveRecord* archive) {
  write([&](Catalog& catalog) {
    const std::int64_t id = run.id == 0 ? catalog.begin_run(run) : run.id;
    const RunEnd end{.ended_at = run.ended_at.value_or(run.started_at),
                     .outcome = run.outcome,
                     .error_code = run.error_code,
                     .sentence = run.sentence};
    if (archive == nullptr) {
      catalog.end_run(id, end);
    } else {
      catalog.end_run(id, end, *archive);
    }
  });
}

void RecordKeeper::save(const DatasetRecord& record) {
  write([&](Catalog& catalog) { catalog.save(record); });
}

void RecordKeeper::update(const ArchiveRecord& archive) {
  write([&](Catalog& catalog) { catalog.update(archive); });
}

void RecordKeeper::update_cloud(const std::vector<ArchiveRecord>& archives) {
  if (!archives.empty()) write([&](Catalog& catalog) { catalog.update_cloud(archives); });
}

void RecordKeeper::adopt(const std::vector<ArchiveRecord>& archives) {
  if (!archives.empty()) write([&](Catalog& catalog) { catalog.adopt(archives); });
}

void RecordKeeper::move(const ArchiveRecord& archive, const std::filesystem::path& destination) {
  write([&](Catalog& catalog) { catalog.move(archive, path_text(destination)); });
}

void RecordKeeper::forget(const ArchiveRecord& archive) {
  write([&](Catalog& catalog) { catalog.forget(archive); });
}

Catalog::Reconciled RecordKeeper::reconcile(const DatasetState& state,
                                            const std::vector<ArchiveRecord>& found) {
  Catalog::Reconciled changes;
  write([&](Catalog& catalog) {
    changes = catalog.reconcile(state.key, path_text(state.destination), found);
  });
  return changes;
}

void RecordKeeper::reload_archives(DatasetState& state) {
  std::set<std::pair<std::string, std::string>> elsewhere;
  for (const ArchiveRecord& archive : state.archives) {
    if (!archive.is_local) elsewhere.emplace(archive.destination, archive.file_name);
  }
  read([&](Catalog& catalog) { state.archives = catalog.archives(state.key); });
  for (ArchiveRecord& archive : state.archives) {
    archive.is_local = !elsewhere.contains({archive.destination, archive.file_name});
  }
}

std::vector<RunRecord> RecordKeeper::runs(const RunQuery& query) {
  std::vector<RunRecord> runs;
  read([&](Catalog& catalog) { runs = catalog.runs(query); });
  return runs;
}

std::optional<RunRecord> RecordKeeper::last_restore(const std::string& dataset) {
  std::optional<RunRecord> last;
  read([&](Catalog& catalog) { last = catalog.last_restore(dataset); });
  return last;
}

void RecordKeeper::write(const std::function<void(Catalog& catalog)>& record) {
  if (attempt(record)) fault_.clear();
}

// That something can be read does not tell that it can be written.
void RecordKeeper::read(const std::function<void(Catalog& catalog)>& look) {
  attempt(look);
}

bool RecordKeeper::attempt(const std::function<void(Catalog& catalog)>& use) {
  try {
    if (!catalog_) open();
    use(*catalog_);
    return true;
  } catch (const Error& error) {
    if (fault_ != error.line()) spdlog::error("{}", error.line());
    fault_ = error.line();
    // Opened anew next time, it is moved aside.
    if (error.code() == ErrorCode::DatabaseDamaged) catalog_.reset();
    return false;
  }
}

}  // namespace holdfast
