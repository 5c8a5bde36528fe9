#include "service/catalog/older_archives.h"

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

using namespace std::string_view_literals;

using enum ArchiveFormat;
using Kind = StoredEntry::Kind;
using Made = ArchiveName::Kind;

LocalTime local(std::string_view utc) {
  return LocalTime(time_from(utc).time_since_epoch());
}

TEST_CASE("The names that the older systems gave their archives tell what they were") {
  const LocalTime time = local("2026-01-02T13:04:05Z");
  struct Row {
    std::string_view name;
    Kind kind;
    OlderName meaning;
  };
  const Row rows[] = {
      {"rvu_records_20260102_130405.db", Kind::File, {RvuDatabase, Made::Backup, time}},
      {"rvu_records_20260102_130405_PC1.db", Kind::File, {RvuDatabase, Made::Backup, time, "PC1"}},
      {"rvu_records_20260102_130405_PC_1-a.db",
       Kind::File,
       {RvuDatabase, Made::Backup, time, "PC_1-a"}},
      {"rvu_records_20260102_130405-DESKTOP-AB12.db",
       Kind::File,
       {RvuDatabase, Made::Backup, time, "DESKTOP-AB12"}},
      {"rvu_records_20260102_130405_M\xC3\x84RZ.db",
       Kind::File,
       {RvuDatabase, Made::Backup, time, "M\xC3\x84RZ"}},
      {"rvu_records_2026-01-02_13-04-05.db", Kind::File, {RvuDatabase, Made::Backup, time}},
      {"RVU_Records_20260102_130405.DB", Kind::File, {RvuDatabase, Made::Backup, time}},
      {"rvu_records_20260102_130405.sqlite3", Kind::File, {RvuDatabase, Made::Backup, time}},
      {"rvu_records_20260102_130405 (2).db", Kind::File, {RvuDatabase, Made::Backup, time}},
      {"rvu_records_20260102_130405_PC1 - Copy (12).db",
       Kind::File,
       {RvuDatabase, Made::Backup, time, "PC1"}},
      {"backup_2026-01-02_13-04-05.zip", Kind::File, {LegacyZip, Made::Backup, time}},
      {"backup_20260102_130405.zip", Kind::File, {LegacyZip, Made::Backup, time}},
      {"Backup_2026-01-02_13-04-05.ZIP", Kind::File, {LegacyZip, Made::Backup, time}},
      {"backup_2026-01-02_13-04-05-LAPTOP-2.zip",
       Kind::File,
       {LegacyZip, Made::Backup, time, "LAPTOP-2"}},
      {"backup_2026-01-02_13-04-05 - Copy.zip", Kind::File, {LegacyZip, Made::Backup, time}},
      {"backup_2026-01-02_13-04-05.encrypted.zip",
       Kind::File,
       {LegacyZip, Made::Backup, time, "", true}},
      {"safety_backup_2026-01-02_13-04-05.zip", Kind::File, {LegacyZip, Made::Safety, time}},
      {"backup_2026-01-02_13-04-05", Kind::Folder, {LegacyFolder, Made::Backup, time}},
      {"safety_backup_2026-01-02_13-04-05", Kind::Folder, {LegacyFolder, Made::Safety, time}},
      {"backup_20260102_130405 (2)", Kind::Folder, {LegacyFolder, Made::Backup, time}},
      {"backup_2026-01-02_13-04-05-PC", Kind::Folder, {LegacyFolder, Made::Backup, time, "PC"}},
      {"backup_2024-02-29_23-59-59",
       Kind::Folder,
       {LegacyFolder, Made::Backup, local("2024-02-29T23:59:59Z")}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(parse_older_name(row.name, row.kind, "rvu_records.sqlite3") == row.meaning);
  }
}

TEST_CASE("What no older system names so is none of their archives") {
  for (const std::string_view name : {""sv,
                                      "rvu_records.db"sv,
                                      "rvu_records_.db"sv,
                                      "rvu_records_20260102.db"sv,
                                      "rvu_records_20260102_130405"sv,
                                      "rvu_records_20260102_130405.db-wal"sv,
                                      "rvu_records_20260102_130405.db.tmp"sv,
                                      ".rvu_records_20260102_130405.db.tmp"sv,
                                      "rvu_records_20260102_1304056.db"sv,
                                      "rvu_records_20260102130405.db"sv,
                                      "rvu_records_20260230_130405.db"sv,
                                      "rvu_records_20261302_130405.db"sv,
                                      "rvu_records_20260102_240405.db"sv,
                                      "rvu_records_20260102_136005.db"sv,
                                      "rvu_records_20260102_130460.db"sv,
                                      "rvu_records_19991231_130405.db"sv,
                                      "rvu_records_2026-01-02_130405.db"sv,
                                      "rvu_records_20260102_130405_.db"sv,
                                      "rvu_records_20260102_130405PC.db"sv,
                                      "rvu_records_20260102_130405_P C.db"sv,
                                      "rvu_records_20260102_130405_P.C.db"sv,
                                      "rvu_records_20260102_130405_\xC3.db"sv,
                                      "rvu_records_20260102_130405_P\nC.db"sv,
                                      "rvu_records_20260102_130405_../PC.db"sv,
                                      "rvu_records_20260102_130405 (x).db"sv,
                                      "rvu_records_20260102_130405 ().db"sv,
                                      "rvu_records_backup_20260102_130405.json"sv,
                                      "rvu_20260102_130405.db"sv,
                                      "records_20260102_130405.db"sv,
                                      "rvu_records2_20260102_130405.db"sv,
                                      "backup_.zip"sv,
                                      "backup_2026-01-02.zip"sv,
                                      "backup_2026-01-02_13-04-05.rar"sv,
                                      "backup_2026-01-02_13-04-05.zip.tmp"sv,
                                      "backup_2026-01-02_13-04.zip"sv,
                                      "backup_2026-1-2_13-04-05.zip"sv,
                                      "my_backup_2026-01-02_13-04-05.zip"sv,
                                      "backup_2026-01-02_13-04-05"sv,
                                      "clinic_20261120T104353Z_PC.zip"sv,
                                      "backup_20261120T104353Z_PC.zip"sv}) {
    CAPTURE(name);
    CHECK_FALSE(parse_older_name(name, Kind::File, "rvu_records.db"));
  }
  for (const std::string_view name :
       {""sv, "backup_"sv, "backup_2026-01-02_13-04-05.zip"sv, "temp_2026-01-02_13-04-05"sv,
        "backup_2026-01-02_13-04-05.encrypted"sv, "rvu_records_20260102_130405.db"sv}) {
    CAPTURE(name);
    CHECK_FALSE(parse_older_name(name, Kind::Folder, "rvu_records.db"));
  }
  CHECK_FALSE(parse_older_name("backup_2026-01-02_13-04-05", Kind::Link, "clinic.db"));
  CHECK_FALSE(parse_older_name("backup_2026-01-02_13-04-05.zip", Kind::Link, "clinic.db"));
  CHECK_FALSE(parse_older_name("clinic_20260102_130405.db", Kind::Other, "clinic.db"));
  CHECK_FALSE(parse_older_name("_20260102_130405.db", Kind::File, ""));
  CHECK_FALSE(parse_older_name("_20260102_130405.db", Kind::File, ".db"));
}

}  // namespace
}  // namespace holdfast
