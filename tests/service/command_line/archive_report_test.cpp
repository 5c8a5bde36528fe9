#include "service/command_line/archive_report.h"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/fake_time_zone.h"

namespace holdfast {
namespace {

ListedArchive listed(const std::string& file, const char* taken_at) {
  return {.file_name = file,
          .name = {.dataset = "clinic", .taken_at = time_from(taken_at), .host = "PC"},
          .bytes = 12'345'678};
}

TEST_CASE("A folder's archives are listed by the name by which other commands take them") {
  ListedArchive good = listed("clinic_20261120T100000Z_PC.zip", "2026-11-20T10:00:00Z");
  good.manifest = Manifest{.dataset = "clinic", .reason = "schedule", .counts = {{"visits", 7}}};
  ListedArchive safety = listed("clinic_20261119T100000Z_PC.safety.zip", "2026-11-19T10:00:00Z");
  safety.name.kind = ArchiveName::Kind::Safety;
  safety.manifest = Manifest{};
  ListedArchive bad = listed("clinic_20261118T100000Z_PC.zip", "2026-11-18T10:00:00Z");
  bad.fault = "It does not end as a ZIP file does;\nit is cut off or added to, and nothing helps.";
  const FakeTimeZone zone(std::chrono::hours(1));
  CHECK(listed_report({good, safety, bad},
                      {.now = time_from("2026-11-20T12:00:00Z"), .zone = zone}) ==
        "Archive                                   Size  Local time        Age\n"
        "clinic_20261120T100000Z_PC.zip         12.3 MB  2026-11-20 11:00  2 hours ago\n"
        "    schedule; visits 7\n"
        "clinic_20261119T100000Z_PC.safety.zip  12.3 MB  2026-11-19 11:00  26 hours ago\n"
        "    made before a restore\n"
        "clinic_20261118T100000Z_PC.zip         12.3 MB  2026-11-18 11:00  2 days ago\n"
        "    BAD: It does not end as a ZIP file does;?it is cut off or added to, and\n"
        "    nothing helps.\n");
}

TEST_CASE("An archive that is only in the cloud is listed by what its name tells, and is not bad") {
  const ListedArchive in_cloud = listed("clinic_20261120T100000Z_PC.zip", "2026-11-20T10:00:00Z");
  const FakeTimeZone zone(std::chrono::hours(1));
  CHECK(listed_report({in_cloud}, {.now = time_from("2026-11-20T12:00:00Z"), .zone = zone}) ==
        "Archive                            Size  Local time        Age\n"
        "clinic_20261120T100000Z_PC.zip  12.3 MB  2026-11-20 11:00  2 hours ago\n"
        "    only in the cloud, and not opened\n");
  const nlohmann::json told = listed_json({in_cloud}, "backups").at(0);
  CHECK(told.at("host") == "PC");
  CHECK_FALSE(told.contains("fault"));
}

TEST_CASE("Archives that were read whole are told one by one, and summed up when there are more") {
  const VerifiedArchive good{.archive = "my backups/a.zip", .bytes = 5};
  const VerifiedArchive bad{.archive = "b.zip", .faults = {"It is\x1B[2J no ZIP file."}};
  CHECK(verified_report({good}, {}) == "Good: my backups/a.zip\n");
  CHECK(verified_report({good, bad}, {}) ==
        "Good: my backups/a.zip\n"
        "BAD: b.zip\n"
        "    It is?[2J no ZIP file.\n"
        "1 good, 1 bad.\n");
  CHECK(verified_report({bad}, {.colour = Style::Colour::OfWords})
            .starts_with("\x1B[31mBAD:\x1B[0m b.zip\n"));
}

}  // namespace
}  // namespace holdfast
