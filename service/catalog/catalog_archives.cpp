#include "service/catalog/catalog_archives.h"

#include <utility>

#include "service/catalog/catalog_words.h"

namespace holdfast {
namespace {

std::string selection(std::string_view condition) {
  return "SELECT " + std::string(kArchiveColumns) + " FROM archive WHERE " + std::string(condition);
}

ArchiveRecord whole_archive(const SqliteQuery& row, const CatalogDatabase& database) {
  StoredArchive archive = archive_of(row, database);
  archive.record.counts = archive_counts(database, archive.id);
  return std::move(archive.record);
}

std::optional<std::int64_t> stored_sequence(const ArchiveRecord& archive) {
  if (!archive.sequence) return std::nullopt;
  return static_cast<std::int64_t>(*archive.sequence);
}

}  // namespace

std::vector<ArchiveRecord> read_archives(const CatalogDatabase& database,
                                         std::string_view dataset) {
  SqliteQuery rows = database.query(selection(
      "dataset = ?1 ORDER BY sequence IS NULL, sequence DESC, taken_at DESC, file_name DESC"));
  rows.with(stored_text(dataset));
  std::vector<ArchiveRecord> archives;
  while (rows.next_row()) archives.push_back(whole_archive(rows, database));
  return archives;
}

std::map<std::string, ArchiveRecord> read_archives_in(const CatalogDatabase& database,
                                                      std::string_view dataset,
                                                      std::string_view destination) {
  SqliteQuery rows = database.query(selection("dataset = ?1 AND destination = ?2"));
  rows.with(stored_text(dataset), stored_text(destination));
  std::map<std::string, ArchiveRecord> archives;
  while (rows.next_row()) {
    ArchiveRecord archive = whole_archive(rows, database);
    std::string name = archive.file_name;
    archives.emplace(std::move(name), std::move(archive));
  }
  return archives;
}

std::optional<ArchiveRecord> find_archive(const CatalogDatabase& database,
                                          const ArchiveRecord& archive) {
  SqliteQuery row =
      database.query(selection("dataset = ?1 AND destination = ?2 AND file_name = ?3"));
  row.with(stored_text(archive.dataset), stored_text(archive.destination),
           stored_text(archive.file_name));
  if (!row.next_row()) return std::nullopt;
  return whole_archive(row, database);
}

std::optional<ArchiveRecord> find_found_since(const CatalogDatabase& database,
                                              const ArchiveRecord& archive) {
  // What comes later has a larger id than all that are there.
  SqliteQuery row = database.query(selection(
      "dataset = ?1 AND destination = ?2 AND file_name = ?3 AND sequence IS NULL AND id > "
      "(SELECT coalesce(max(id), 0) FROM archive WHERE dataset = ?1 AND destination = ?2 "
      "AND sequence IS NOT NULL)"));
  row.with(stored_text(archive.dataset), stored_text(archive.destination),
           stored_text(archive.file_name));
  if (!row.next_row()) return std::nullopt;
  return whole_archive(row, database);
}

void put_archive(const CatalogDatabase& database, const ArchiveRecord& archive) {
  SqliteQuery put = database.query(
      "INSERT INTO archive (dataset, destination, file_name, format, kind, host, taken_at, bytes, "
      "sequence, state, checked_at, fault, reason, user, schema_hash, drilled_at, "
      "cloud_confirmed_at, cloud_state, cloud_since, cloud_sentence, written_at, file_hash, "
      "conflict_of) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, "
      "?19, ?20, ?21, ?22, ?23) "
      "ON CONFLICT DO UPDATE SET format = ?4, kind = ?5, host = ?6, taken_at = ?7, bytes = ?8, "
      "sequence = ?9, state = ?10, checked_at = ?11, fault = ?12, reason = ?13, user = ?14, "
      "schema_hash = ?15, drilled_at = ?16, cloud_confirmed_at = ?17, cloud_state = ?18, "
      "cloud_since = ?19, cloud_sentence = ?20, written_at = ?21, file_hash = ?22, "
      "conflict_of = ?23 RETURNING id");
  put.with(stored_text(archive.dataset), stored_text(archive.destination),
           stored_text(archive.file_name), word(archive.format), word(archive.kind),
           stored_text(archive.host), stored_time(archive.taken_at), stored_bytes(archive.bytes),
           stored_sequence(archive), word(archive.check), stored_time(archive.checked_at),
           stored_text(archive.fault), stored_text(archive.reason), stored_text(archive.user),
           stored_text(archive.schema_hash), stored_time(archive.drilled_at),
           stored_time(archive.cloud_confirmed_at), stored_text(archive.cloud_state),
           stored_time(archive.cloud_since), stored_text(archive.cloud_sentence),
           archive.written_at, stored_text(archive.file_hash), stored_text(archive.conflict_of));
  put.next_row();
  const std::int64_t id = put.number(0);
  put.run();
  database.query("DELETE FROM archive_count WHERE archive = ?1").with(id).run();
  // Two names that differ in what is not UTF-8 only are one here; the last stands.
  SqliteQuery count = database.query("INSERT OR REPLACE INTO archive_count VALUES (?1, ?2, ?3)");
  for (const auto& [name, value] : archive.counts) count.with(id, stored_text(name), value).run();
}

void remove_archive(const CatalogDatabase& database, const ArchiveRecord& archive) {
  database.query("DELETE FROM archive WHERE dataset = ?1 AND destination = ?2 AND file_name = ?3")
      .with(stored_text(archive.dataset), stored_text(archive.destination),
            stored_text(archive.file_name))
      .run();
}

std::uint64_t next_sequence(const CatalogDatabase& database) {
  SqliteQuery next = database.query(
      "UPDATE sequence SET last = 1 + max(last, (SELECT coalesce(max(sequence), 0) FROM archive)) "
      "RETURNING last");
  next.next_row();
  const std::int64_t sequence = next.number(0);
  next.run();
  return static_cast<std::uint64_t>(sequence);
}

}  // namespace holdfast
