#include "service/catalog/catalog.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "common/path_text.h"
#include "service/catalog/catalog_archives.h"
#include "service/catalog/catalog_rows.h"
#include "service/catalog/catalog_words.h"

namespace holdfast {
namespace {

// Conditions on the outcome of a run.
constexpr std::string_view kGood = "IN ('verified', 'unchanged')";
constexpr std::string_view kEnded = "<> 'running'";
constexpr std::string_view kNoFailure = "NOT IN ('running', 'failed', 'interrupted')";

// What undo takes back.
constexpr std::string_view kLastRestore =
    "SELECT * FROM (SELECT {} FROM run WHERE dataset = ?1 AND kind = 'restore' AND outcome = "
    "'verified' ORDER BY id DESC LIMIT 1)";

// The last restore, and of the backups of a dataset: the last good one, the last that has ended,
// and the one before the failures in a row.
std::string needed_runs() {
  std::string needed;
  for (const std::string_view outcomes : {kGood, kEnded, kNoFailure}) {
    needed += fmt::format(
        "{}SELECT * FROM (SELECT id FROM run WHERE dataset = ?1 AND kind = 'backup' AND outcome {} "
        "ORDER BY id DESC LIMIT 1)",
        needed.empty() ? "" : " UNION ", outcomes);
  }
  return needed + " UNION " + fmt::format(kLastRestore, "id");
}
constexpr int kMostNeededRuns = 4;

// What a known archive is once the scan has found it as `found`.
ArchiveRecord brought_in_line(const ArchiveRecord& known, const ArchiveRecord& found) {
  const bool is_same = known.bytes == found.bytes;
  // What is only in the cloud tells nothing but its name.
  if (is_same && (known.check != ArchiveFacts::Check::Unknown || !found.is_local)) return known;
  if (is_same && !found.fault.empty()) {
    ArchiveRecord archive = known;
    archive.fault = found.fault;
    return archive;
  }
  ArchiveRecord archive = found;
  archive.sequence = known.sequence;
  if (is_same) {
    archive.checked_at = known.checked_at;
    archive.drilled_at = known.drilled_at;
    archive.cloud_confirmed_at = known.cloud_confirmed_at;
    archive.cloud_state = known.cloud_state;
    archive.cloud_since = known.cloud_since;
    archive.cloud_sentence = known.cloud_sentence;
    archive.written_at = known.written_at;
    archive.file_hash = known.file_hash;
  }
  return archive;
}

// What nobody but a scan has seen yet.
ArchiveRecord unchecked(ArchiveRecord found, std::string_view dataset,
                        std::string_view destination) {
  found.dataset = dataset;
  found.destination = destination;
  found.sequence.reset();
  found.check = ArchiveFacts::Check::Unknown;
  found.checked_at.reset();
  found.drilled_at.reset();
  found.cloud_confirmed_at.reset();
  found.cloud_state.clear();
  found.cloud_since.reset();
  found.cloud_sentence.clear();
  found.written_at = 0;
  found.file_hash.clear();
  return found;
}

bool is_name_and_size_only(const ArchiveRecord& found) {
  return found.taken_at == Time{};
}

}  // namespace

Catalog::Catalog(const std::filesystem::path& file, Time now) : Catalog(open_catalog(file, now)) {}

Catalog::Catalog(OpenedCatalog opened)
    : database_(std::move(opened.database)), begun_anew_(std::move(opened.begun_anew)) {}

std::vector<std::string> Catalog::datasets() const {
  SqliteQuery query = database_.query("SELECT dataset FROM dataset ORDER BY dataset");
  std::vector<std::string> keys;
  while (query.next_row()) keys.push_back(query.text(0));
  return keys;
}

DatasetRecord Catalog::dataset(std::string_view key, Time now) {
  if (auto known = dataset_of(database_, key)) return *std::move(known);
  DatasetRecord record{.dataset = std::string(key), .known_since = now};
  save(record);
  return record;
}

void Catalog::save(const DatasetRecord& record) {
  SqliteTransaction transaction = database_.transaction();
  const std::string key = stored_text(record.dataset);
  // What belongs to it goes with it.
  database_.query("DELETE FROM dataset WHERE dataset = ?1").with(key).run();
  database_.query("INSERT INTO dataset VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
      .with(key, stored_time(record.known_since), stored_text(record.damage),
            stored_text(record.change_mark), stored_text(record.marked_archive),
            stored_time(record.checked_at), stored_time(record.drill_tried_at),
            stored_time(record.not_in_cloud_since))
      .run();
  SqliteQuery drop = database_.query("INSERT INTO count_drop VALUES (?1, ?2, ?3, ?4, ?5)");
  for (std::size_t place = 0; place < record.drops.size(); ++place) {
    const CountDrop& each = record.drops[place];
    drop.with(key, static_cast<std::int64_t>(place), stored_text(each.name), each.before, each.now)
        .run();
  }
  SqliteQuery count = database_.query("INSERT OR REPLACE INTO good_count VALUES (?1, ?2, ?3)");
  for (const auto& [name, value] : record.good_counts) {
    count.with(key, stored_text(name), value).run();
  }
  transaction.commit();
}

std::int64_t Catalog::begin_run(const RunRecord& run) {
  SqliteTransaction transaction = database_.transaction();
  SqliteQuery begin = database_.query(
      "INSERT INTO run (dataset, kind, cause, reason, user, started_at, outcome, error_code, "
      "sentence, archive, source) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'running', '', '', '', ?7) "
      "RETURNING id");
  begin.with(stored_text(run.dataset), word(run.kind), stored_text(run.cause),
             stored_text(run.reason), stored_text(run.user), stored_time(run.started_at),
             stored_text(run.source));
  begin.next_row();
  const std::int64_t id = begin.number(0);
  begin.run();
  thin_runs(run.dataset);
  transaction.commit();
  return id;
}

void Catalog::thin_runs(std::string_view dataset) {
  const std::string old =
      "DELETE FROM run WHERE dataset = ?1 AND id NOT IN (" + needed_runs() +
      ") AND id < (SELECT id FROM run WHERE dataset = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)";
  const std::string key = stored_text(dataset);
  database_.query(old + " AND kind = 'backup' AND outcome IN ('unchanged', 'cancelled')")
      .with(key, kRunsKeptWhole - 1)
      .run();
  database_.query(old).with(key, kRunsKept - kMostNeededRuns - 1).run();
}

void Catalog::set_end(std::int64_t run, const RunEnd& end, std::string_view archive) {
  if (end.outcome == RunOutcome::Running) {
    throw Error(ErrorCode::Internal, "A run cannot end as one that is under way.", "");
  }
  database_
      .query(
          "UPDATE run SET ended_at = ?2, outcome = ?3, error_code = ?4, sentence = ?5, "
          "archive = ?6 WHERE id = ?1 AND outcome = 'running'")
      .with(run, stored_time(end.ended_at), word(end.outcome), stored_text(end.error_code),
            stored_text(end.sentence), stored_text(archive))
      .run();
  if (database_.changes() == 1) return;
  throw Error(ErrorCode::NotFound,
              fmt::format("Cannot record the end of run {}: the catalog {} has none of that number "
                          "under way.",
                          run, path_text(database_.file())),
              "What the run did is not undone; the next search of the destination finds its "
              "archive.");
}

void Catalog::end_run(std::int64_t run, const RunEnd& end) {
  set_end(run, end, {});
}

void Catalog::end_run(std::int64_t run, const RunEnd& end, const ArchiveRecord& archive) {
  SqliteTransaction transaction = database_.transaction();
  set_end(run, end, archive.file_name);
  ArchiveRecord made = archive;
  made.sequence = next_sequence(database_);
  put_archive(database_, made);
  transaction.commit();
}

int Catalog::end_interrupted_runs(Time now) {
  database_
      .query(
          "UPDATE run SET ended_at = ?1, outcome = 'interrupted', sentence = ?2 "
          "WHERE outcome = 'running'")
      .with(stored_time(now), "The Holdfast service ended while this was under way.")
      .run();
  return database_.changes();
}

std::vector<RunRecord> Catalog::runs(const RunQuery& query) const {
  // What is not asked for stands in no condition, so that indexes serve those that are.
  std::string conditions;
  const auto when = [&conditions](bool asked, std::string_view condition, int place) {
    conditions += fmt::format(" AND ({})", asked ? condition : fmt::format("?{0} IS ?{0}", place));
  };
  when(!query.dataset.empty(), "dataset = ?2", 2);
  when(query.before.has_value(), "id < ?3", 3);
  when(query.outcome.has_value(), "outcome = ?4", 4);
  when(query.since.has_value(), "started_at >= ?5", 5);
  when(query.kind.has_value(), "kind = ?7", 7);
  when(query.owner.has_value(),
       "instr(dataset, '@') = 0 OR substr(dataset, instr(dataset, '@') + 1) = ?6", 6);
  SqliteQuery rows = database_.query(fmt::format(
      "SELECT {} FROM run WHERE ?1 >= 0{} ORDER BY id DESC LIMIT ?1", kRunColumns, conditions));
  rows.with(std::max(query.limit, 0), stored_text(query.dataset), query.before.value_or(0),
            query.outcome ? word(*query.outcome) : std::string_view(),
            query.since ? stored_time(*query.since) : std::int64_t{0},
            stored_text(query.owner.value_or("")),
            query.kind ? word(*query.kind) : std::string_view());
  std::vector<RunRecord> runs;
  while (rows.next_row()) runs.push_back(run_of(rows, database_));
  return runs;
}

RunSummary Catalog::summary(std::string_view dataset) const {
  const auto last = [&](std::string_view condition) -> std::optional<RunRecord> {
    SqliteQuery row = database_.query(
        fmt::format("SELECT {} FROM run WHERE dataset = ?1 AND kind = 'backup' AND outcome {} "
                    "ORDER BY id DESC LIMIT 1",
                    kRunColumns, condition));
    if (!row.with(stored_text(dataset)).next_row()) return std::nullopt;
    return run_of(row, database_);
  };
  RunSummary summary{.last = last(kEnded)};
  if (const auto good = last(kGood)) {
    summary.last_good_start = good->started_at;
    if (good->outcome == RunOutcome::Unchanged) summary.unchanged_at = good->ended_at;
  }
  const auto before = last(kNoFailure);
  SqliteQuery failures = database_.query(
      "SELECT count(*) FROM run WHERE dataset = ?1 AND kind = 'backup' "
      "AND outcome IN ('failed', 'interrupted') AND id > ?2");
  failures.with(stored_text(dataset), before ? before->id : -1).next_row();
  summary.failures = static_cast<int>(failures.number(0));
  return summary;
}

std::optional<RunRecord> Catalog::last_restore(std::string_view dataset) const {
  SqliteQuery row = database_.query(fmt::format(kLastRestore, kRunColumns));
  if (!row.with(stored_text(dataset)).next_row()) return std::nullopt;
  return run_of(row, database_);
}

std::vector<ArchiveRecord> Catalog::archives(std::string_view dataset) const {
  return read_archives(database_, dataset);
}

void Catalog::update(const ArchiveRecord& archive) {
  SqliteTransaction transaction = database_.transaction();
  const auto known = find_archive(database_, archive);
  if (!known) return;
  ArchiveRecord updated = archive;
  updated.sequence = known->sequence;
  put_archive(database_, updated);
  transaction.commit();
}

void Catalog::update_cloud(std::span<const ArchiveRecord> archives) {
  SqliteTransaction transaction = database_.transaction();
  SqliteQuery update = database_.query(
      "UPDATE archive SET cloud_state = ?1, cloud_since = ?2, cloud_confirmed_at = ?3, "
      "cloud_sentence = ?4 WHERE dataset = ?5 AND destination = ?6 AND file_name = ?7");
  for (const ArchiveRecord& archive : archives) {
    update
        .with(stored_text(archive.cloud_state), stored_time(archive.cloud_since),
              stored_time(archive.cloud_confirmed_at), stored_text(archive.cloud_sentence),
              stored_text(archive.dataset), stored_text(archive.destination),
              stored_text(archive.file_name))
        .run();
  }
  transaction.commit();
}

void Catalog::adopt(std::span<const ArchiveRecord> archives) {
  SqliteTransaction transaction = database_.transaction();
  std::vector<ArchiveRecord> unseen;
  for (const ArchiveRecord& archive : archives) {
    if (auto found = find_found_since(database_, archive)) unseen.push_back(*std::move(found));
  }
  for (ArchiveRecord& archive : unseen) {
    archive.sequence = next_sequence(database_);
    put_archive(database_, archive);
  }
  transaction.commit();
}

void Catalog::move(const ArchiveRecord& archive, std::string_view destination) {
  SqliteTransaction transaction = database_.transaction();
  const auto known = find_archive(database_, archive);
  if (!known) return;
  ArchiveRecord moved = *known;
  moved.destination = destination;
  if (find_archive(database_, moved)) return;
  moved.cloud_confirmed_at.reset();
  moved.cloud_state.clear();
  moved.cloud_since.reset();
  moved.cloud_sentence.clear();
  moved.written_at = 0;
  remove_archive(database_, *known);
  put_archive(database_, moved);
  transaction.commit();
}

void Catalog::forget(const ArchiveRecord& archive) {
  remove_archive(database_, archive);
}

Catalog::Reconciled Catalog::reconcile(std::string_view dataset, std::string_view destination,
                                       std::span<const ArchiveRecord> found) {
  SqliteTransaction transaction = database_.transaction();
  Reconciled result;
  std::map<std::string, ArchiveRecord> known = read_archives_in(database_, dataset, destination);
  std::set<std::string> seen;
  for (const ArchiveRecord& each : found) {
    const std::string name = stored_text(each.file_name);
    if (!seen.insert(name).second) continue;
    const ArchiveRecord now = unchecked(each, dataset, destination);
    const auto at = known.find(name);
    if (at != known.end()) {
      const ArchiveRecord& before = at->second;
      const ArchiveRecord after =
          is_name_and_size_only(each) ? before : brought_in_line(before, now);
      if (after.bytes != before.bytes) result.changed.push_back(name);
      if (after != before) put_archive(database_, after);
      known.erase(at);
    } else if (!is_name_and_size_only(each)) {
      result.added.push_back(name);
      put_archive(database_, now);
    }
  }
  for (const auto& [name, archive] : known) {
    result.gone.push_back(name);
    remove_archive(database_, archive);
  }
  transaction.commit();
  return result;
}

}  // namespace holdfast
