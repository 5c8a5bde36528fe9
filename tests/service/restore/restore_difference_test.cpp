#include "service/restore/restore_difference.h"

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

using Kind = TableDifference::Kind;

TEST_CASE("A preview has each count of both sides, also those that one side never took") {
  CHECK(count_differences({{"patients", 5}, {"visits", 9}}, {{"patients", 6}, {"notes", 1}}) ==
        std::vector<CountDifference>{{"notes", {}, 1}, {"patients", 5, 6}, {"visits", 9, {}}});
}

TEST_CASE("A preview tells which tables and columns come back, and which go away") {
  const SchemaOutline archived{
      .tables = {
          {"a", {"x INTEGER"}}, {"b", {"x", "old TEXT"}}, {"c", {"x", "y"}}, {"gone", {"x"}}}};
  const SchemaOutline live{
      .tables = {
          {"a", {"x INTEGER"}}, {"b", {"x", "new TEXT"}}, {"c", {"y", "x"}}, {"made", {"x"}}}};
  const std::vector<TableDifference> expected{{.table = "b",
                                               .kind = Kind::Columns,
                                               .columns_archived = {"old TEXT"},
                                               .columns_live = {"new TEXT"}},
                                              {.table = "c", .kind = Kind::Columns},
                                              {.table = "gone", .kind = Kind::OnlyArchived},
                                              {.table = "made", .kind = Kind::OnlyLive}};
  CHECK(table_differences(archived, live) == expected);
  CHECK(table_differences(live, live).empty());
}

TEST_CASE("An archive of another application is known by its id or by its tables") {
  const SchemaOutline clinic{.tables = {{"patients", {}}, {"visits", {}}}, .application_id = 7};
  SchemaOutline other = clinic;
  CHECK(foreign_archive(clinic, other).empty());
  other.tables = {{"patients", {}}, {"bills", {}}};
  CHECK(foreign_archive(clinic, other).empty());
  other.application_id = 8;
  CHECK(foreign_archive(clinic, other) ==
        "The archive's database has the application id 7, the one here has 8.");
  other.application_id = 7;
  other.tables = {{"shifts", {}}};
  CHECK(foreign_archive(clinic, other) ==
        "The archive's database and the one here have no table in common.");
  other.tables.clear();
  CHECK(foreign_archive(clinic, other).empty());
}

}  // namespace
}  // namespace holdfast
