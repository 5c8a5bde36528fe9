#include "tray/restore_view.h"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

namespace holdfast {
namespace {

using nlohmann::json;

json preview() {
  return {{"archive", "emr_20261120T140000Z_PC.zip"},
          {"created_at", "2026-11-20T14:00:00Z"},
          {"host", "CLINIC-PC"},
          {"reason", ""},
          {"counts", json::array({{{"name", "patients"}, {"archived", 1204}, {"here", 1210}}})},
          {"database", {{"archived", {{"bytes", 121634816}}}, {"here", {{"bytes", 121700000}}}}},
          {"tables", json::array()},
          {"tables_total", 0},
          {"files", json::array()},
          {"files_total", 0}};
}

RestorePreviewView viewed(const json& told) {
  return restore_preview_view(told, time_from("2026-11-20T18:00:00Z"),
                              [](Time time) { return utc_text(time).substr(0, 16); });
}

// "patients: 1,204 / 1,210, 6 fewer"
std::vector<std::string> drawn(const RestorePreviewView& view) {
  std::vector<std::string> lines;
  for (const ComparisonRow& row : view.rows) {
    lines.push_back(row.what + ": " + row.archived + " / " + row.here + ", " + row.change +
                    (row.is_loss ? " (!)" : ""));
  }
  return lines;
}

TEST_CASE("Before a restore the backup is compared with what is there, and the loss is named") {
  const RestorePreviewView view = viewed(preview());
  CHECK(view.headline == "Backup of 2026-11-20T14:00, made 4 hours ago on CLINIC-PC.");
  CHECK(drawn(view) == std::vector<std::string>{"patients: 1,204 / 1,210, 6 fewer (!)",
                                                "Database: 122 MB / 122 MB, replaced"});
  CHECK(view.warning ==
        "All that was entered since 2026-11-20T14:00 is replaced: 6 fewer patients.");
  CHECK(view.problem.empty());
  CHECK(view.foreign.empty());
}

TEST_CASE("Where nothing would be lost the warning only says what is replaced") {
  json told = preview();
  told["counts"] = json::array({{{"name", "patients"}, {"archived", 5}, {"here", 5}},
                                {{"name", "visits"}, {"archived", 9000}, {"here", 12}}});
  const RestorePreviewView view = viewed(told);
  CHECK(drawn(view)[0] == "patients: 5 / 5, same");
  CHECK(drawn(view)[1] == "visits: 9,000 / 12, 8,988 more");
  CHECK(view.warning == "All that was entered since 2026-11-20T14:00 is replaced.");
}

TEST_CASE("Tables, columns and files that differ are told with what a restore does to them") {
  json told = preview();
  told["counts"] = json::array();
  told["tables"] = json::array({{{"table", "visit"}, {"change", "only_archived"}},
                                {{"table", "invoice"}, {"change", "only_here"}},
                                {{"table", "patient"},
                                 {"change", "columns"},
                                 {"columns_archived", json::array()},
                                 {"columns_here", json::array({"email", "fax"})}}});
  told["tables_total"] = 5;
  told["files"] = json::array({{{"file", "images/1.png"}, {"change", "comes_back"}},
                               {{"file", "images/2.png"}, {"change", "goes_away"}},
                               {{"file", "settings.json"}, {"change", "changes"}},
                               {{"file", "chroma/a"}, {"change", "may_change"}}});
  told["files_total"] = 4;
  const auto lines = drawn(viewed(told));
  CHECK(std::vector<std::string>(lines.begin() + 1, lines.end()) ==
        std::vector<std::string>{"Table visit: there / missing, comes back",
                                 "Table invoice: missing / there, goes away (!)",
                                 "Table patient:  / only here: email, fax, columns change (!)",
                                 "And 2 more tables:  / , ",
                                 "File images/1.png: there / missing, comes back",
                                 "File images/2.png: missing / there, goes away (!)",
                                 "File settings.json: there / there, changes",
                                 "File chroma/a: there / there, may change"});
}

TEST_CASE("A database that cannot be read is told as such before a restore, not as equal") {
  json told = preview();
  told["database"].erase("here");
  told["counts"] = json::array({{{"name", "patients"}, {"archived", 1204}}});
  told["problem"] = "The database is damaged.";
  told["foreign"] = "It has other tables.";
  const RestorePreviewView view = viewed(told);
  CHECK(drawn(view) == std::vector<std::string>{"patients: 1,204 / -, not known",
                                                "Database: 122 MB / -, comes back"});
  CHECK(view.problem == "The database is damaged.");
  CHECK(view.foreign == "It has other tables.");
}

TEST_CASE("Where what is there cannot be archived, neither the promise nor Undo is shown") {
  const std::string promise = "What is there now is archived first";
  CHECK(viewed(preview()).safety.starts_with(promise));
  json damaged = preview();
  damaged["database"].erase("here");
  damaged["problem"] = "The database is damaged.";
  CHECK(viewed(damaged).safety.find(promise) == std::string::npos);
  CHECK(viewed(damaged).safety.find("set aside, not deleted") != std::string::npos);
  CHECK(!restore_end_view({.is_good = true}, RestoreKind::Restore).can_be_undone);
}

TEST_CASE("How far a backup is on its way from the cloud is told in sizes and per cent") {
  CHECK(fetch_words(0, 100) == "Fetching the backup from the cloud");
  CHECK(fetch_words(4'200'000, 61'000'000) ==
        "Fetching the backup from the cloud: 4.20 MB of 61.0 MB");
  CHECK(fetch_words(4'200'000, 0) == "Fetching the backup from the cloud: 4.20 MB");
  CHECK(fetch_percent(1, 0) == std::nullopt);
  CHECK(fetch_percent(50, 200) == 25);
  CHECK(fetch_percent(300, 200) == 100);
}

TEST_CASE(
    "After a restore it can be taken back, and after a failure that changed nothing tried again") {
  const RestoreEndView good =
      restore_end_view({.is_good = true, .archive = "emr.safety.zip"}, RestoreKind::Restore);
  CHECK(good.headline == "Restored.");
  CHECK(good.can_be_undone);
  CHECK(!good.can_be_tried_again);

  const RestoreEndView busy = restore_end_view(
      {.code = "database_busy", .sentence = "It is in use by DocAssist. Close it."},
      RestoreKind::Restore);
  CHECK(busy.headline == "Not restored.");
  CHECK(busy.text == "It is in use by DocAssist. Close it.");
  CHECK(!busy.can_be_undone);
  CHECK(busy.can_be_tried_again);

  CHECK(restore_end_view({.is_cancelled = true}, RestoreKind::Restore).text ==
        "Nothing was changed.");
  CHECK(restore_end_view({.is_good = true}, RestoreKind::Undo).headline ==
        "The restore was taken back.");
  // Nobody knows how far it came: the service brings it to an end when it starts again.
  CHECK(!restore_end_view({}, RestoreKind::Restore).can_be_tried_again);
}

TEST_CASE("A restore whose beginning was not answered is not told as failed") {
  for (const ErrorCode code : {ErrorCode::TimedOut, ErrorCode::ServiceUnreachable}) {
    const RestoreEndView view =
        restore_not_begun_view(Error(code, "No answer.", "Wait."), RestoreKind::Restore);
    CHECK(view.headline == "Nobody knows yet what came of the restore.");
    CHECK(!view.can_be_tried_again);
    CHECK(!view.can_be_undone);
  }
  const RestoreEndView refused = restore_not_begun_view(
      Error(ErrorCode::DatabaseBusy, "It is in use.", "Close it."), RestoreKind::Restore);
  CHECK(refused.headline == "Not restored.");
  CHECK(refused.text == "It is in use. Close it.");
  CHECK(refused.can_be_tried_again);
}

}  // namespace
}  // namespace holdfast
