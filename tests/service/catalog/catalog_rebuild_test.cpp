#include <chrono>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include "common/path_text.h"
#include "service/archive/archive_writer.h"
#include "service/backup/backup_run.h"
#include "service/catalog/catalog.h"
#include "service/catalog/destination_scan.h"
#include "tests/support/database.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_time_zone.h"
#include "tests/support/faulty_storage.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

const ScannedDataset kClinic{"clinic", "clinic.db"};

struct Rebuild {
  TemporaryFolder source;
  TemporaryFolder destination;
  DiskStorage storage;
  FakeTimeZone zone = berlin();
  FakeClock clock{time_from("2026-11-20T10:00:00Z")};
  std::filesystem::path file = source.path() / "catalog.db";

  void back_up(Catalog& catalog) {
    clock.advance(1min);
    const std::int64_t run =
        catalog.begin_run({.dataset = "clinic", .cause = "schedule", .started_at = clock.now()});
    const BackupResult result = run_backup({.dataset = "clinic",
                                            .database = source.path() / "clinic.db",
                                            .destination = destination.path(),
                                            .counts = {{"visits", "SELECT count(*) FROM visit"}},
                                            .reason = "test",
                                            .host = "PC-1",
                                            .user = "ann"},
                                           storage, clock, {}, {});
    catalog.end_run(run, {clock.now(), RunOutcome::Verified},
                    {.dataset = "clinic",
                     .destination = path_text(destination.path()),
                     .file_name = path_text(result.archive.filename()),
                     .host = "PC-1",
                     .taken_at = result.manifest.created_at,
                     .bytes = result.archive_bytes,
                     .check = ArchiveFacts::Check::Verified,
                     .checked_at = clock.now(),
                     .reason = result.manifest.reason,
                     .user = result.manifest.user,
                     .counts = result.manifest.counts,
                     .schema_hash = result.manifest.schema_hash});
  }

  std::vector<ArchiveRecord> scan(const std::map<std::string, std::uint64_t>& known = {}) {
    return scan_destination(storage, destination.path(), kClinic, zone, known, {});
  }

  Catalog::Reconciled reconcile(Catalog& catalog, const std::vector<ArchiveRecord>& found) {
    return catalog.reconcile("clinic", path_text(destination.path()), found);
  }

  void write_archive(Time time) {
    const ArchiveName name{.dataset = "clinic", .taken_at = time, .host = "PC-1"};
    const auto file_of = storage.create(destination.path() / text_path(archive_file_name(name)));
    ArchiveWriter writer(*file_of, time);
    const std::string page = "SQLite format 3" + std::string(497, 'p');
    writer.add({.name = "clinic.db", .kind = ManifestEntry::Kind::Database, .page_size = 512},
               [&](const ArchiveWriter::Sink& sink) { sink(std::as_bytes(std::span(page))); });
    writer.add({.name = "settings.json"}, [](const ArchiveWriter::Sink&) {});
    Manifest manifest{.dataset = "clinic",
                      .version = "0.1.0",
                      .host = "PC-1",
                      .database = "clinic.db",
                      .counts = {{"patients", 7}, {"visits", 70}}};
    writer.finish(manifest);
  }
};

TEST_CASE("A lost catalog is rebuilt from the archives, those of older systems with them") {
  Rebuild rebuild;
  make_database(rebuild.source.path() / "clinic.db",
                "CREATE TABLE visit (a); INSERT INTO visit VALUES (1), (2), (3)");
  make_database(rebuild.destination.path() / "clinic_20250105_143000_OLD-PC.db",
                "CREATE TABLE visit (a)");
  std::vector<ArchiveRecord> before;
  {
    Catalog catalog(rebuild.file, rebuild.clock.now());
    rebuild.reconcile(catalog, rebuild.scan());
    for (int i = 0; i < 3; ++i) rebuild.back_up(catalog);
    before = catalog.archives("clinic");
  }
  REQUIRE(before.size() == 4);
  std::filesystem::remove(rebuild.file);

  Catalog catalog(rebuild.file, rebuild.clock.now());
  const auto result = rebuild.reconcile(catalog, rebuild.scan());
  CHECK(result.added.size() == 4);
  CHECK(result.gone.empty());
  std::vector<ArchiveRecord> after = catalog.archives("clinic");
  // Nobody knows any more in which order they were made, nor that they were verified.
  for (ArchiveRecord& record : before) {
    record.sequence.reset();
    record.check = ArchiveFacts::Check::Unknown;
    record.checked_at.reset();
  }
  CHECK(after == before);
  CHECK(after.back().format == ArchiveFormat::RvuDatabase);
  CHECK(after.back().host == "OLD-PC");
  CHECK(after.back().taken_at == time_from("2025-01-05T13:30:00Z"));

  std::map<std::string, std::uint64_t> known;
  for (const ArchiveRecord& record : after) known[record.file_name] = record.bytes;
  const auto again = rebuild.reconcile(catalog, rebuild.scan(known));
  CHECK((again.added.empty() && again.gone.empty() && again.changed.empty()));
  CHECK(catalog.archives("clinic") == after);
}

TEST_CASE("A catalog of 1,000 archives is rebuilt within five seconds") {
  Rebuild rebuild;
  for (int i = 0; i < 1000; ++i) rebuild.write_archive(rebuild.clock.now() + i * 1h);
  const auto start = std::chrono::steady_clock::now();
  Catalog catalog(rebuild.file, rebuild.clock.now());
  const auto found = rebuild.scan();
  const auto scanned = std::chrono::steady_clock::now();
  CHECK(rebuild.reconcile(catalog, found).added.size() == 1000);
  const auto end = std::chrono::steady_clock::now();
  for (const ArchiveRecord& record : found) CHECK(record.fault.empty());
  CHECK(catalog.archives("clinic").size() == 1000);
  const std::chrono::duration<double> scan = scanned - start;
  const std::chrono::duration<double> all = end - start;
  INFO(fmt::format("scan {:.3f} s, all {:.3f} s", scan.count(), all.count()));
  CHECK(all < 5s);
}

// A look through a folder whose archives are known, as it is made every hour.
TEST_CASE("A destination of 10,000 known archives is listed within a second", "[.bench]") {
  Rebuild rebuild;
  std::vector<ArchiveRecord> records;
  std::map<std::string, std::uint64_t> known;
  for (int i = 0; i < 10'000; ++i) {
    const Time taken_at = rebuild.clock.now() + i * 1h;
    const std::string name =
        archive_file_name({.dataset = "clinic", .taken_at = taken_at, .host = "DESKTOP-4711"});
    write_file(rebuild.destination.path() / name, "an archive");
    known[name] = 10;
    records.push_back({.file_name = name,
                       .host = "DESKTOP-4711",
                       .taken_at = taken_at,
                       .bytes = 10,
                       .reason = "schedule",
                       .counts = {{"patients", i}, {"visits", 10 * i}},
                       .schema_hash = "0123456789abcdef0123456789abcdef"});
  }
  Catalog catalog(rebuild.file, rebuild.clock.now());
  rebuild.reconcile(catalog, records);
  FaultyStorage storage;
  int opens = 0;
  storage.before_open = [&](const std::filesystem::path&) { ++opens; };
  const auto start = std::chrono::steady_clock::now();
  const auto found =
      scan_destination(storage, rebuild.destination.path(), kClinic, rebuild.zone, known, {});
  const auto scanned = std::chrono::steady_clock::now();
  CHECK(rebuild.reconcile(catalog, found).changed.empty());
  const auto reconciled = std::chrono::steady_clock::now();
  CHECK(catalog.archives("clinic").size() == 10'000);
  const auto end = std::chrono::steady_clock::now();
  CHECK(opens == 0);
  const auto seconds = [](auto time) { return std::chrono::duration<double>(time).count(); };
  fmt::print("scan {:.3f} s, reconcile {:.3f} s, read {:.3f} s, all {:.3f} s\n",
             seconds(scanned - start), seconds(reconciled - scanned), seconds(end - reconciled),
             seconds(end - start));
  CHECK(end - start < 1s);
}

}  // namespace
}  // namespace holdfast
