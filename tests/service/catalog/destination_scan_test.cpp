#include "service/catalog/destination_scan.h"

#include <functional>
#include <map>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"
#include "common/path_text.h"
#include "tests/support/crafted_archive.h"
#include "tests/support/database.h"
#include "tests/support/fake_time_zone.h"
#include "tests/support/faulty_storage.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using Check = ArchiveFacts::Check;
using Known = std::map<std::string, std::uint64_t>;

constexpr const char* kOlderManifest =
    R"({"created_at": "2026-01-05T14:30:02.5", "patient_count": 12, "visit_count": 30})";

// A ZIP file of an older system: whatever its entries, and no manifest of Holdfast.
std::string older_zip(const std::map<std::string, std::string>& content) {
  CraftedArchive zip;
  for (const auto& [name, text] : content) zip.entries.push_back({.name = name, .content = text});
  zip.has_manifest = false;
  return zip.bytes();
}

class Destination {
 public:
  void put(const std::string& name, const std::string& bytes) {
    const std::filesystem::path path = folder_.path() / text_path(name);
    std::filesystem::create_directories(path.parent_path());
    write_file(path, bytes);
  }

  // By file name.
  std::map<std::string, ArchiveRecord> scan(const Known& known = {},
                                            const ScannedDataset& dataset = {"clinic",
                                                                             "clinic.db"}) {
    std::map<std::string, ArchiveRecord> found;
    for (const ArchiveRecord& record :
         scan_destination(storage, folder_.path(), dataset, zone_, known, {})) {
      CHECK(record.dataset == dataset.dataset);
      CHECK(record.destination == path_text(folder_.path()));
      CHECK(record.check == Check::Unknown);
      CHECK_FALSE(record.sequence);
      CHECK(found.emplace(record.file_name, record).second);
    }
    return found;
  }

  Error failure(const std::filesystem::path& folder, const std::stop_token& stop = {}) {
    try {
      scan_destination(storage, folder, {"clinic", "clinic.db"}, zone_, {}, stop);
    } catch (const Error& error) {
      return error;
    }
    return {ErrorCode::Internal, "nothing was thrown", ""};
  }

  const std::filesystem::path& path() const { return folder_.path(); }

  FaultyStorage storage;

 private:
  TemporaryFolder folder_;
  FakeTimeZone zone_ = berlin();
};

TEST_CASE("A scan finds a dataset's archives with what they tell, and those of others it passes") {
  Destination destination;
  const std::string bytes = small_archive().bytes();
  destination.put("clinic_20261120T104353Z_PC-1.zip", bytes);
  destination.put("clinic_20261121T104353Z_PC-2.safety.zip", bytes);
  destination.put("clinic_20261122T104353Z_PC-1.zip", bytes.substr(0, bytes.size() / 2));
  destination.put("other_20261120T104353Z_PC-1.zip", bytes);
  destination.put("clinic_20261123T104353Z_PC-1.zip.tmp", bytes);
  destination.put("clinic_20261124T104353Z_PC-1.zip/inside", bytes);
  destination.put("holiday.zip", bytes);
  destination.put("clinic.db", "a live database");
  auto found = destination.scan();
  REQUIRE(found.size() == 3);
  const ArchiveRecord& good = found.at("clinic_20261120T104353Z_PC-1.zip");
  CHECK(good.format == ArchiveFormat::Holdfast);
  CHECK(good.kind == ArchiveName::Kind::Backup);
  CHECK(good.host == "PC-1");
  CHECK(good.taken_at == time_from("2026-11-20T10:43:53Z"));
  CHECK(good.bytes == bytes.size());
  CHECK(good.fault.empty());
  CHECK(good.counts == std::map<std::string, std::int64_t>{{"patients", 7}});
  CHECK(found.at("clinic_20261121T104353Z_PC-2.safety.zip").kind == ArchiveName::Kind::Safety);
  CHECK(found.at("clinic_20261121T104353Z_PC-2.safety.zip").host == "PC-2");
  const ArchiveRecord& damaged = found.at("clinic_20261122T104353Z_PC-1.zip");
  CHECK(damaged.fault.find("is damaged") != std::string::npos);
  CHECK(damaged.taken_at == time_from("2026-11-22T10:43:53Z"));
  CHECK(destination.scan({}, {"other", "other.db"}).size() == 1);
}

TEST_CASE("Archives of the older systems are found with their local times and their counts") {
  Destination destination;
  destination.put("clinic_20260105_143000.db", "SQLite format 3");
  destination.put("clinic_20260705_143000_PC1.db", "SQLite format 3");
  destination.put("clinic_20260106_143000.db", "");
  destination.put("backup_2026-01-05_14-30-00.zip",
                  older_zip({{"clinic.db", "pages"},
                             {"chroma/index.db", "pages"},
                             {"backup_manifest.json", kOlderManifest}}));
  destination.put("backup_2026-01-06_14-30-00/clinic.db", std::string(1000, 'p'));
  destination.put("backup_2026-01-06_14-30-00/chroma/a/b.bin", std::string(200, 'b'));
  destination.put("backup_2026-01-05_14-30-00/Clinic.DB", "pages");
  destination.put("backup_2026-01-05_14-30-00/backup_manifest.json", kOlderManifest);
  destination.put("backup_2026-01-07_14-30-00/clinic.db", "pages");
  destination.put("backup_2026-01-07_14-30-00/manifest.json", "no JSON");
  destination.put("safety_backup_2026-01-08_14-30-00/clinic.db", "pages");
  destination.put("safety_backup_2026-01-08_14-30-00/SAFETY_BACKUP.txt", "before a restore");
  const auto found = destination.scan();
  REQUIRE(found.size() == 8);

  const ArchiveRecord& copy = found.at("clinic_20260105_143000.db");
  CHECK(copy.format == ArchiveFormat::RvuDatabase);
  CHECK(copy.taken_at == time_from("2026-01-05T13:30:00Z"));
  CHECK(copy.host.empty());
  CHECK(copy.bytes == 15);
  const ArchiveRecord& summer = found.at("clinic_20260705_143000_PC1.db");
  CHECK(summer.taken_at == time_from("2026-07-05T12:30:00Z"));
  CHECK(summer.host == "PC1");
  CHECK(found.at("clinic_20260106_143000.db").fault ==
        "The archive clinic_20260106_143000.db is empty.");

  const std::map<std::string, std::int64_t> counts{{"patients", 12}, {"visits", 30}};
  const ArchiveRecord& zip = found.at("backup_2026-01-05_14-30-00.zip");
  CHECK(zip.format == ArchiveFormat::LegacyZip);
  CHECK(zip.taken_at == time_from("2026-01-05T13:30:02Z"));
  CHECK(zip.counts == counts);
  const ArchiveRecord& folder = found.at("backup_2026-01-05_14-30-00");
  CHECK(folder.format == ArchiveFormat::LegacyFolder);
  CHECK(folder.taken_at == time_from("2026-01-05T13:30:02Z"));
  CHECK(folder.counts == counts);
  CHECK(found.at("backup_2026-01-06_14-30-00").bytes == 1200);
  const ArchiveRecord& odd = found.at("backup_2026-01-07_14-30-00");
  CHECK(odd.taken_at == time_from("2026-01-07T13:30:00Z"));
  CHECK(odd.counts.empty());
  CHECK(odd.fault.empty());
  CHECK(found.at("safety_backup_2026-01-08_14-30-00").kind == ArchiveName::Kind::Safety);
}

TEST_CASE("Two datasets that share a destination have each their own older archives") {
  Destination destination;
  destination.put("clinic_20260105_143000.db", "SQLite format 3");
  destination.put("rvu_records_20260105_143000.db", "SQLite format 3");
  destination.put("backup_2026-01-05_14-30-00.zip", older_zip({{"clinic.db", "pages"}}));
  destination.put("backup_2026-01-05_15-30-00.zip", older_zip({{"rvu_records.db", "pages"}}));
  destination.put("backup_2026-01-05_16-30-00.zip", older_zip({{"data/clinic.db", "pages"}}));
  destination.put("backup_2026-01-05_14-30-00/clinic.db", "pages");
  destination.put("backup_2026-01-05_15-30-00/other.db", "pages");
  destination.put("backup_2026-01-05_16-30-00/clinic.db/folder", "not a file");
  destination.put("backup_2026-01-05_17-30-00.zip", "no ZIP file at all, but as long as one");
  destination.put("backup_2026-01-05_18-30-00.encrypted.zip", "what only its application reads");
  const std::string broken = "backup_2026-01-05_17-30-00.zip";
  const std::string encrypted = "backup_2026-01-05_18-30-00.encrypted.zip";

  const auto clinic = destination.scan();
  CHECK(clinic.size() == 5);
  CHECK(clinic.contains("clinic_20260105_143000.db"));
  CHECK(clinic.contains("backup_2026-01-05_14-30-00.zip"));
  CHECK(clinic.contains("backup_2026-01-05_14-30-00"));
  const auto rvu = destination.scan({}, {"rvu", "rvu_records.db"});
  CHECK(rvu.size() == 4);
  CHECK(rvu.contains("rvu_records_20260105_143000.db"));
  CHECK(rvu.contains("backup_2026-01-05_15-30-00.zip"));
  // Whose these are nobody can tell.
  for (const auto& found : {clinic, rvu}) {
    CHECK(found.at(broken).fault.find("it is no ZIP file") != std::string::npos);
    CHECK(found.at(encrypted).fault.find("is encrypted") != std::string::npos);
  }
}

TEST_CASE("What is known of the same size is not opened again") {
  Destination destination;
  const std::string bytes = small_archive().bytes();
  const std::string zip = older_zip({{"clinic.db", "pages"}});
  destination.put("clinic_20261120T104353Z_PC.zip", bytes);
  destination.put("clinic_20261121T104353Z_PC.zip", bytes);
  destination.put("backup_2026-01-05_14-30-00.zip", zip);
  destination.put("backup_2026-01-05_14-30-00/clinic.db", "pages");
  destination.put("backup_2026-01-05_14-30-00/backup_manifest.json", kOlderManifest);
  std::vector<std::string> opened;
  destination.storage.before_open = [&](const std::filesystem::path& file) {
    opened.push_back(path_text(file.filename()));
  };
  const auto found =
      destination.scan({{"clinic_20261120T104353Z_PC.zip", bytes.size()},
                        {"clinic_20261121T104353Z_PC.zip", bytes.size() - 1},
                        {"backup_2026-01-05_14-30-00.zip", zip.size()},
                        {"backup_2026-01-05_14-30-00", 5 + std::string(kOlderManifest).size()}});
  CHECK(opened == std::vector<std::string>{"clinic_20261121T104353Z_PC.zip"});
  REQUIRE(found.size() == 4);
  for (const std::string name : {"clinic_20261120T104353Z_PC.zip", "backup_2026-01-05_14-30-00.zip",
                                 "backup_2026-01-05_14-30-00"}) {
    CAPTURE(name);
    const ArchiveRecord& record = found.at(name);
    ArchiveRecord expected{.dataset = "clinic",
                           .destination = path_text(destination.path()),
                           .file_name = name,
                           .bytes = record.bytes};
    CHECK(record == expected);
  }
  CHECK(found.at("clinic_20261121T104353Z_PC.zip").counts.size() == 1);
}

TEST_CASE("What is only in the cloud is listed by its name, and never opened") {
  Destination destination;
  const std::string bytes = small_archive().bytes();
  const std::string known = "clinic_20261120T104353Z_PC.zip";
  const std::string unknown = "clinic_20261121T104353Z_PC-1.safety.zip";
  const std::string copy = "clinic_20261120T104353Z_PC-LAPTOP.zip";
  const std::string zip = "backup_2026-01-05_14-30-00.zip";
  const std::string folder = "backup_2026-01-06_14-30-00";
  const std::string database = "clinic_20260105_143000.db";
  for (const std::string& name : {known, unknown, copy}) destination.put(name, bytes);
  destination.put(zip, older_zip({{"clinic.db", "pages"}}));
  destination.put(database, "SQLite format 3");
  destination.put(folder + "/clinic.db", "pages");
  destination.put(folder + "/manifest.json", kOlderManifest);
  destination.storage.only_in_cloud = {known, unknown, copy, zip, database, "manifest.json"};
  int opens = 0;
  destination.storage.before_open = [&](const std::filesystem::path&) { ++opens; };
  const auto found = destination.scan({{known, bytes.size()}});
  CHECK(opens == 0);
  REQUIRE(found.size() == 6);
  for (const auto& [name, record] : found) {
    CAPTURE(name);
    CHECK_FALSE(record.is_local);
    CHECK(record.fault.empty());
    CHECK(record.counts.empty());
    CHECK((record.taken_at == Time{}) == (name == known));
  }
  CHECK(found.at(known).bytes == bytes.size());
  CHECK(found.at(unknown).host == "PC-1");
  CHECK(found.at(unknown).kind == ArchiveName::Kind::Safety);
  CHECK(found.at(unknown).taken_at == time_from("2026-11-21T10:43:53Z"));
  CHECK(found.at(copy).conflict_of == known);
  CHECK(found.at(zip).taken_at == time_from("2026-01-05T13:30:00Z"));
  // Whose the ZIP file is nobody can tell.
  CHECK(destination.scan({}, {"rvu", "rvu_records.db"}).size() == 1);
  CHECK(opens == 0);

  destination.storage.only_in_cloud.clear();
  const auto here = destination.scan();
  CHECK(opens == 5);
  CHECK(here.at(unknown).counts.size() == 1);
  CHECK(here.at(unknown).is_local);
  CHECK(here.at(folder).counts.size() == 2);
}

TEST_CASE("The copies that OneDrive made are listed with the archive that each is a copy of") {
  Destination destination;
  const std::string archive = "clinic_20261120T104353Z_PC.zip";
  const std::string safety = "clinic_20261120T104353Z_PC.safety.zip";
  const auto made_by = [](const std::string& host) {
    CraftedArchive crafted = small_archive();
    crafted.manifest.host = host;
    return crafted.bytes();
  };
  for (const std::string name :
       {"clinic_20261120T104353Z_PC", "clinic_20261120T104353Z_PC-LAPTOP",
        "clinic_20261120T104353Z_PC-LAPTOP-2", "clinic_20261120T104353Z_PC-laptop-Desk",
        "clinic_20261120T104353Z_PC.safety-M\xC3\x84RZ", "clinic_20261120T104353Z_PC.2-LAPTOP"}) {
    destination.put(name + ".zip", made_by("PC"));
  }
  destination.put("clinic_20261120T104353Z_PC-2.zip", made_by("PC-2"));
  destination.put("clinic_20261120T104353Z_PC-3.zip", "damaged");
  destination.put("clinic_20261121T104353Z_PC-3.zip", "damaged");
  destination.put("other_20261120T104353Z_PC.safety-LAPTOP.zip", made_by("PC"));
  destination.put("holiday-LAPTOP.zip", made_by("PC"));
  const auto found = destination.scan();
  CHECK(found.size() == 9);
  const std::map<std::string, std::string> copies{
      {"clinic_20261120T104353Z_PC-LAPTOP.zip", archive},
      {"clinic_20261120T104353Z_PC-LAPTOP-2.zip", archive},
      {"clinic_20261120T104353Z_PC-laptop-Desk.zip", archive},
      {"clinic_20261120T104353Z_PC.safety-M\xC3\x84RZ.zip", safety},
      {"clinic_20261120T104353Z_PC.2-LAPTOP.zip", "clinic_20261120T104353Z_PC.2.zip"},
      {"clinic_20261120T104353Z_PC-3.zip", archive}};
  for (const auto& [name, record] : found) {
    CAPTURE(name);
    const auto copy = copies.find(name);
    CHECK(record.conflict_of == (copy == copies.end() ? "" : copy->second));
    if (copy == copies.end()) continue;
    CHECK(record.host == "PC");
    CHECK(record.taken_at == time_from("2026-11-20T10:43:53Z"));
    CHECK((record.kind == ArchiveName::Kind::Safety) == (copy->second == safety));
  }
  CHECK(found.at("clinic_20261120T104353Z_PC-2.zip").host == "PC-2");
  CHECK(found.at("clinic_20261121T104353Z_PC-3.zip").host == "PC-3");
}

// As Info-ZIP's zip makes it: with times and owners in extra fields, names that are not marked as
// UTF-8, folders, and small files that are only stored.
std::string info_zip(const std::map<std::string, std::string>& content) {
  CraftedArchive zip;
  for (const auto& [name, text] : content) {
    CraftedEntry entry{.name = name, .content = text, .made_by = 0x031E, .flags = 0};
    entry.local_flags = 0;
    entry.attributes = name.ends_with('/') ? 040755U << 16 | 0x10 : 0100644U << 16;
    const std::string owner("ux\x0B\0\1\4\0\0\0\0\4\0\0\0\0", 15);
    entry.extra = std::string("UT\5\0\3\x36\xC8\x5B\x69", 9) + owner;
    entry.local_extra = std::string("UT\x09\0\3\x36\xC8\x5B\x69\x36\xC8\x5B\x69", 13) + owner;
    if (text.size() < 20) {
      entry.method = 0;
      entry.version_needed = 10;
      entry.deflated = text;
    }
    zip.entries.push_back(entry);
  }
  zip.has_manifest = false;
  zip.comment = "made every night";
  return zip.bytes();
}

TEST_CASE("A ZIP file by Info-ZIP is listed without a fault, for whose database is in it") {
  Destination destination;
  destination.put("backup_2026-01-05_14-30-00.zip",
                  info_zip({{"clinic.db", std::string(5000, 'p')},
                            {"chroma/", ""},
                            {"chroma/index.bin", "short"},
                            {"backup_manifest.json", kOlderManifest}}));
  destination.put("backup_2026-01-06_14-30-00.zip", info_zip({{"Rvu_Records.db", "pages"}}));
  const auto clinic = destination.scan();
  REQUIRE(clinic.size() == 1);
  const ArchiveRecord& record = clinic.at("backup_2026-01-05_14-30-00.zip");
  CHECK(record.fault.empty());
  CHECK(record.counts == std::map<std::string, std::int64_t>{{"patients", 12}, {"visits", 30}});
  CHECK(record.taken_at == time_from("2026-01-05T13:30:02Z"));
  const auto rvu = destination.scan({}, {"rvu", "rvu_records.db"});
  REQUIRE(rvu.size() == 1);
  CHECK(rvu.at("backup_2026-01-06_14-30-00.zip").fault.empty());
}

TEST_CASE("A file that cannot be opened has its fault, and one that vanished is none") {
  Destination destination;
  const std::string bytes = small_archive().bytes();
  destination.put("clinic_20261120T104353Z_PC.zip", bytes);
  destination.put("clinic_20261121T104353Z_PC.zip", bytes);
  destination.put("backup_2026-01-05_14-30-00.zip", older_zip({{"clinic.db", "pages"}}));
  destination.put("backup_2026-01-05_15-30-00.zip", older_zip({{"clinic.db", "pages"}}));
  destination.storage.before_open = [&](const std::filesystem::path& file) {
    const std::string name = path_text(file.filename());
    if (name.starts_with("clinic_20261120") || name.ends_with("14-30-00.zip")) {
      throw Error(ErrorCode::AccessDenied, "Cannot open " + name + ": not now.", "");
    }
    std::filesystem::remove(file);
  };
  const auto found = destination.scan();
  REQUIRE(found.size() == 2);
  for (const auto& [name, record] : found) {
    CHECK(record.fault == "Cannot open " + name + ": not now.");
    CHECK(record.taken_at != Time{});
  }
}

TEST_CASE("A destination that goes away meanwhile is told of, and not taken for empty") {
  Destination destination;
  destination.put("clinic_20261120T104353Z_PC.zip", small_archive().bytes());
  destination.storage.before_open = [&](const std::filesystem::path& file) {
    std::filesystem::remove_all(file.parent_path());
  };
  CHECK(destination.failure(destination.path()).code() == ErrorCode::NotFound);
}

TEST_CASE("A scan says that there is no folder, and ends when it is asked to") {
  Destination destination;
  CHECK(destination.failure(destination.path() / "none").code() == ErrorCode::NotFound);
  destination.put("clinic_20261120T104353Z_PC.zip", "x");
  std::stop_source stop;
  stop.request_stop();
  CHECK(destination.failure(destination.path(), stop.get_token()).code() == ErrorCode::Cancelled);
}

// Asks for the end of a scan while an older archive is looked at.
class StoppingZone final : public TimeZone {
 public:
  explicit StoppingZone(std::stop_source& stop) : stop_(stop) {}
  std::chrono::seconds offset_at(Time) const override {
    stop_.request_stop();
    return {};
  }

 private:
  std::stop_source& stop_;
};

TEST_CASE("A scan ends in the middle of an older folder when it is asked to") {
  Destination destination;
  destination.put("backup_2026-01-05_14-30-00/clinic.db", "pages");
  std::stop_source stop;
  const StoppingZone zone(stop);
  try {
    scan_destination(destination.storage, destination.path(), {"clinic", "clinic.db"}, zone, {},
                     stop.get_token());
    FAIL("nothing was thrown");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::Cancelled);
  }
}

TEST_CASE("Hostile values in manifests are cut to what a person can read") {
  Destination destination;
  CraftedArchive archive = small_archive();
  archive.manifest.reason = std::string(100'000, 'r') + "\n\x1B[31m";
  archive.manifest.user = "ann\r\nbob";
  archive.manifest.host = "somebody else";
  archive.manifest.schema_hash = std::string(100'000, 's');
  archive.manifest.created_at = time_from("9999-12-31T23:59:59Z");
  archive.manifest.counts.clear();
  for (int i = 0; i < 1000; ++i) archive.manifest.counts[std::to_string(i)] = i;
  destination.put("clinic_20261120T104353Z_PC.zip", archive.bytes());
  const ArchiveRecord record = destination.scan().at("clinic_20261120T104353Z_PC.zip");
  CHECK(record.fault.empty());
  CHECK(record.reason.size() < 600);
  CHECK(record.user == "ann??bob");
  CHECK(record.host == "PC");
  CHECK(record.schema_hash.size() < 600);
  CHECK(record.taken_at == time_from("2026-11-20T10:43:53Z"));
  CHECK(record.counts.size() == 100);
}

TEST_CASE("A ZIP file of an older system that lies about its manifest still is an archive") {
  Destination destination;
  CraftedArchive zip;
  zip.has_manifest = false;
  zip.entries.push_back({.name = "clinic.db", .content = "pages"});
  zip.entries.push_back({.name = "backup_manifest.json", .content = kOlderManifest});
  const auto scanned = [&](const std::function<void(CraftedEntry&)>& change) {
    CraftedArchive changed = zip;
    change(changed.entries.back());
    destination.put("backup_2026-01-05_14-30-00.zip", changed.bytes());
    return destination.scan().at("backup_2026-01-05_14-30-00.zip");
  };
  CHECK(scanned([](CraftedEntry&) {}).counts.size() == 2);
  const std::function<void(CraftedEntry&)> lies[] = {
      [](CraftedEntry& entry) { entry.crc32 = 7; },
      [](CraftedEntry& entry) { entry.method = 0; },
      [](CraftedEntry& entry) { entry.deflated = "nothing that can be inflated"; },
      [](CraftedEntry& entry) { entry.size = 1'000'000; },
      [](CraftedEntry& entry) { entry.size = 1'000'000'000'000; },
      [](CraftedEntry& entry) { entry.content = std::string(2'000'000, ' '); },
      [](CraftedEntry& entry) { entry.local_name = "another_name.json"; }};
  for (const auto& lie : lies) {
    const ArchiveRecord record = scanned(lie);
    CHECK(record.counts.empty());
    CHECK(record.fault.empty());
    CHECK(record.taken_at == time_from("2026-01-05T13:30:00Z"));
  }
  // Which a restore would refuse.
  const ArchiveRecord encrypted = scanned([](CraftedEntry& entry) { entry.flags = 1; });
  CHECK(encrypted.fault.find("backup_manifest.json in it is encrypted") != std::string::npos);
}

}  // namespace
}  // namespace holdfast
