#include "service/catalog/catalog_rows.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/text.h"
#include "service/catalog/catalog_words.h"

namespace holdfast {
namespace {

// Far above any id, sequence and size, and far enough below the end that they may go on rising.
constexpr std::int64_t kMostNumber = std::int64_t{1} << 53;
constexpr Time kEarliest = std::chrono::sys_days(std::chrono::year(0) / 1 / 1);
constexpr Time kLatest =
    std::chrono::sys_days(std::chrono::year(10000) / 1 / 1) - std::chrono::seconds(1);

// The columns of a row, one after the other.
class Columns {
 public:
  Columns(const SqliteQuery& row, const CatalogDatabase& database)
      : row_(row), database_(database) {}

  std::string text() {
    std::string value = row_.text(next_++);
    if (!is_utf8(value)) throw damage("a text is not UTF-8");
    return value;
  }

  std::int64_t number() { return row_.number(next_++); }

  std::optional<std::int64_t> optional_number() { return row_.optional_number(next_++); }

  std::int64_t natural() { return in_range(number()); }

  std::optional<std::uint64_t> optional_natural() {
    const auto value = optional_number();
    if (!value) return std::nullopt;
    return static_cast<std::uint64_t>(in_range(*value));
  }

  Time time() { return time_of(number()); }

  std::optional<Time> optional_time() {
    const auto value = optional_number();
    return value ? std::optional<Time>(time_of(*value)) : std::nullopt;
  }

  template <typename Value, std::size_t kCount>
  Value one_of(const Words<Value, kCount>& words) {
    const std::string text = row_.text(next_++);
    const std::optional<Value> found = value_in(words, text);
    if (!found) throw damage("it has a word that no catalog has");
    return *found;
  }

  Error damage(std::string_view why) const { return damaged_catalog(database_.file(), why); }

 private:
  std::int64_t in_range(std::int64_t value) const {
    if (value < 0 || value > kMostNumber) throw damage("a number is out of its range");
    return value;
  }

  Time time_of(std::int64_t seconds) const {
    const Time time{std::chrono::seconds(seconds)};
    if (time < kEarliest || time > kLatest) throw damage("a time is out of its range");
    return time;
  }

  const SqliteQuery& row_;
  const CatalogDatabase& database_;
  int next_ = 0;
};

std::map<std::string, std::int64_t> counts_of(SqliteQuery& rows, const CatalogDatabase& database) {
  std::map<std::string, std::int64_t> counts;
  while (rows.next_row()) {
    Columns columns(rows, database);
    std::string name = columns.text();
    counts[std::move(name)] = columns.number();
  }
  return counts;
}

std::vector<CountDrop> drops_of(const CatalogDatabase& database, std::string_view dataset) {
  std::vector<CountDrop> drops;
  SqliteQuery rows =
      database.query("SELECT name, before, now FROM count_drop WHERE dataset = ?1 ORDER BY place");
  rows.with(dataset);
  while (rows.next_row()) {
    Columns columns(rows, database);
    drops.push_back(
        {.name = columns.text(), .before = columns.number(), .now = columns.optional_number()});
  }
  return drops;
}

void require_no_row(const CatalogDatabase& database, std::string_view sql, std::string_view why) {
  if (database.query(sql).next_row()) throw damaged_catalog(database.file(), why);
}

}  // namespace

std::string stored_text(std::string_view text) {
  return is_utf8(text) ? std::string(text) : one_line(text, text.size());
}

std::int64_t stored_bytes(std::uint64_t bytes) {
  return static_cast<std::int64_t>(std::min(bytes, static_cast<std::uint64_t>(kMostNumber)));
}

std::int64_t stored_time(Time time) {
  return std::clamp(time, kEarliest, kLatest).time_since_epoch().count();
}

std::optional<std::int64_t> stored_time(const std::optional<Time>& time) {
  return time ? std::optional<std::int64_t>(stored_time(*time)) : std::nullopt;
}

RunRecord run_of(const SqliteQuery& row, const CatalogDatabase& database) {
  Columns columns(row, database);
  RunRecord run{.id = columns.natural(),
                .dataset = columns.text(),
                .kind = columns.one_of(kRunKinds),
                .cause = columns.text(),
                .reason = columns.text(),
                .user = columns.text(),
                .started_at = columns.time(),
                .ended_at = columns.optional_time(),
                .outcome = columns.one_of(kRunOutcomes),
                .error_code = columns.text(),
                .sentence = columns.text(),
                .archive = columns.text(),
                .source = columns.text()};
  if ((run.outcome == RunOutcome::Running) == run.ended_at.has_value()) {
    throw columns.damage("a run has both an end and none");
  }
  return run;
}

StoredArchive archive_of(const SqliteQuery& row, const CatalogDatabase& database) {
  Columns columns(row, database);
  StoredArchive archive{.id = columns.natural()};
  archive.record = {.dataset = columns.text(),
                    .destination = columns.text(),
                    .file_name = columns.text(),
                    .format = columns.one_of(kArchiveFormats),
                    .kind = columns.one_of(kArchiveKinds),
                    .host = columns.text(),
                    .taken_at = columns.time(),
                    .bytes = static_cast<std::uint64_t>(columns.natural()),
                    .sequence = columns.optional_natural(),
                    .check = columns.one_of(kChecks),
                    .checked_at = columns.optional_time(),
                    .fault = columns.text(),
                    .reason = columns.text(),
                    .user = columns.text(),
                    .schema_hash = columns.text(),
                    .drilled_at = columns.optional_time(),
                    .cloud_confirmed_at = columns.optional_time(),
                    .cloud_state = columns.text(),
                    .cloud_since = columns.optional_time(),
                    .cloud_sentence = columns.text(),
                    .written_at = columns.number(),
                    .file_hash = columns.text(),
                    .conflict_of = columns.text()};
  return archive;
}

std::map<std::string, std::int64_t> archive_counts(const CatalogDatabase& database,
                                                   std::int64_t archive) {
  SqliteQuery rows = database.query("SELECT name, value FROM archive_count WHERE archive = ?1");
  return counts_of(rows.with(archive), database);
}

std::optional<DatasetRecord> dataset_of(const CatalogDatabase& database, std::string_view dataset) {
  SqliteQuery row = database.query(
      "SELECT dataset, known_since, damage, change_mark, marked_archive, checked_at, "
      "drill_tried_at, not_in_cloud_since FROM dataset "
      "WHERE dataset = ?1");
  if (!row.with(stored_text(dataset)).next_row()) return std::nullopt;
  Columns columns(row, database);
  DatasetRecord record{
      .dataset = columns.text(), .known_since = columns.time(), .damage = columns.text()};
  record.change_mark = columns.text();
  record.marked_archive = columns.text();
  record.checked_at = columns.optional_time();
  record.drill_tried_at = columns.optional_time();
  record.not_in_cloud_since = columns.optional_time();
  record.drops = drops_of(database, record.dataset);
  SqliteQuery counts = database.query("SELECT name, value FROM good_count WHERE dataset = ?1");
  record.good_counts = counts_of(counts.with(record.dataset), database);
  return record;
}

void read_everything(const CatalogDatabase& database) {
  require_no_row(database, "PRAGMA foreign_key_check", "a part of it belongs to nothing");
  require_no_row(database, "SELECT 1 WHERE NOT EXISTS (SELECT * FROM sequence)",
                 "it has lost count of the archives");
  SqliteQuery datasets = database.query("SELECT dataset FROM dataset");
  while (datasets.next_row()) dataset_of(database, Columns(datasets, database).text());
  SqliteQuery runs = database.query("SELECT " + std::string(kRunColumns) + " FROM run");
  while (runs.next_row()) run_of(runs, database);
  SqliteQuery archives = database.query("SELECT " + std::string(kArchiveColumns) + " FROM archive");
  while (archives.next_row()) archive_counts(database, archive_of(archives, database).id);
  SqliteQuery sequence = database.query("SELECT last FROM sequence");
  while (sequence.next_row()) Columns(sequence, database).natural();
}

}  // namespace holdfast
