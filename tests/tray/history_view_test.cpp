#include "tray/history_view.h"

#include <algorithm>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

namespace holdfast {
namespace {

using nlohmann::json;

std::string words(Time time) {
  return utc_text(time).substr(0, 10);
}

json archive(const json& more = json::object()) {
  json told = {{"archive", "emr_20261120T140000Z_PC.zip"},
               {"bytes", 61204113},
               {"check", "verified"},
               {"counts", {{"patients", 1204}, {"visits", 88}}},
               {"destination", "D:\\Backups"},
               {"format", "holdfast"},
               {"host", "CLINIC-PC"},
               {"kind", "backup"},
               {"reason", "before the update"},
               {"taken_at", "2026-11-20T14:00:00Z"}};
  told.update(more);
  return told;
}

std::vector<HistoryRow> rows(const std::vector<json>& archives) {
  return archive_rows({{"archives", archives}});
}

HistoryRow row(const json& more = json::object()) {
  return rows({archive(more)}).at(0);
}

json run(const std::string& kind, const std::string& outcome, const json& more = json::object()) {
  json told = {{"id", 9},
               {"dataset", "emr"},
               {"kind", kind},
               {"cause", "schedule"},
               {"outcome", outcome},
               {"started_at", "2026-11-21T10:00:00Z"}};
  told.update(more);
  return told;
}

std::vector<HistoryRow> of_runs(const std::vector<json>& runs,
                                RunsShown shown = RunsShown::WhatMatters) {
  return run_rows({{"runs", runs}}, shown);
}

TEST_CASE(
    "A backup is shown with its time, status, size, records, reason, computer, proof and cloud") {
  const HistoryRow shown = row({{"drilled_at", "2026-11-22T00:00:00Z"},
                                {"cloud", "uploaded"},
                                {"cloud_since", "2026-11-23T00:00:00Z"}});
  const std::pair<HistoryColumn, std::string> cells[] = {
      {HistoryColumn::TakenAt, "2026-11-20"},
      {HistoryColumn::Status, "Verified"},
      {HistoryColumn::Size, "61.2 MB"},
      {HistoryColumn::Counts, "1,204 patients, 88 visits"},
      {HistoryColumn::Reason, "Before the update"},
      {HistoryColumn::Computer, "CLINIC-PC"},
      {HistoryColumn::Proven, "2026-11-22"},
      {HistoryColumn::Cloud, "Uploaded 2026-11-23"}};
  CHECK(std::size(cells) == kHistoryColumns);
  for (const auto& [column, text] : cells) CHECK(cell_text(shown, column, &words) == text);
  CHECK(shown.mark == RowMark::Good);
  CHECK(shown.can_be_restored);
}

TEST_CASE("The status of a backup is told in words and by a mark") {
  struct Row {
    json more;
    std::string status;
    RowMark mark;
    std::string detail;
    bool can_be_restored = true;
  };
  const json copy = {{"conflict_of", "emr_1.zip"}};
  json same = copy;
  same["same_content"] = true;
  json differs = copy;
  differs["same_content"] = false;
  const Row table[] = {
      {json::object(), "Verified", RowMark::Good, ""},
      {{{"kind", "safety"}}, "Safety backup, verified", RowMark::Good, ""},
      {{{"check", "unknown"}}, "Not checked yet", RowMark::Unchecked, ""},
      {{{"check", "unknown"}, {"format", "legacy_zip"}},
       "Of an older system, not checked",
       RowMark::Unchecked,
       ""},
      {{{"check", "unknown"}, {"fault", "It is only in the cloud."}},
       "Not readable now",
       RowMark::Unchecked,
       "It is only in the cloud."},
      {{{"check", "broken"}, {"fault", "Block 3 is damaged."}},
       "Damaged",
       RowMark::Bad,
       "Block 3 is damaged.",
       false},
      {copy, "Copy by OneDrive", RowMark::Attention,
       "OneDrive made this copy of emr_1.zip; they were not compared."},
      {same, "Copy by OneDrive, the same", RowMark::Attention,
       "OneDrive made this copy of emr_1.zip; both are the same."},
      {differs, "Copy by OneDrive, differs", RowMark::Attention,
       "OneDrive made this copy of emr_1.zip; they are not the same."},
      {{{"cloud", "error"}, {"cloud_reason", "OneDrive is full."}},
       "Verified",
       RowMark::Good,
       "OneDrive is full."},
  };
  for (const Row& expected : table) {
    CAPTURE(expected.status);
    const HistoryRow shown = row(expected.more);
    CHECK(shown.status == expected.status);
    CHECK(shown.mark == expected.mark);
    CHECK(shown.detail == expected.detail);
    CHECK(shown.can_be_restored == expected.can_be_restored);
  }
}

TEST_CASE("How far a backup is on its way into the cloud is told in words") {
  const auto cloud = [](const json& more) {
    return cell_text(row(more), HistoryColumn::Cloud, &words);
  };
  const std::string since = "2026-11-23T00:00:00Z";
  CHECK(cloud(json::object()).empty());
  CHECK(cloud({{"cloud", "not-applicable"}}).empty());
  CHECK(cloud({{"cloud", "waiting"}, {"cloud_since", since}}) == "Waiting since 2026-11-23");
  CHECK(cloud({{"cloud", "uploaded"}}) == "Uploaded");
  CHECK(cloud({{"cloud", "error"}}) == "Not sent: error");
  CHECK(cloud({{"cloud", "excluded"}}) == "Left out by OneDrive");
  CHECK(cloud({{"cloud", "later"}}) == "Unknown");
}

TEST_CASE("Runs that failed or restored are shown, and the others only when all are wanted") {
  const std::vector<json> runs{
      run("backup", "verified"),
      run("backup", "unchanged"),
      run("backup", "failed", {{"sentence", "The disk is full."}}),
      run("backup", "cancelled"),
      run("backup", "interrupted"),
      run("backup", "running"),
      run("restore", "verified", {{"source", "a.zip"}, {"archive", "b.zip"}}),
      run("restore", "verified", {{"cause", "undo"}}),
      run("restore", "failed"),
      run("drill", "verified"),
      run("drill", "failed")};
  const auto statuses = [](const std::vector<HistoryRow>& shown) {
    std::vector<std::string> all;
    for (const HistoryRow& one : shown) all.push_back(one.status);
    return all;
  };
  const auto important = of_runs(runs);
  CHECK(statuses(important) == std::vector<std::string>{"Backup failed", "Backup was interrupted",
                                                        "Restored", "Restore taken back",
                                                        "Restore failed", "Test restore failed"});
  CHECK(important[0].detail == "The disk is full.");
  CHECK(important[2].detail == "From a.zip. What was there before: b.zip.");
  CHECK(!important[0].is_archive());
  CHECK(statuses(of_runs(runs, RunsShown::Everything)).size() == 9);
}

TEST_CASE("The history is sorted by what the columns hold, not by their words") {
  std::vector<HistoryRow> all =
      rows({archive({{"archive", "a"}, {"bytes", 9000000}}),
            archive({{"archive", "b"}, {"bytes", 10000}, {"taken_at", "2026-11-21T14:00:00Z"}}),
            archive({{"archive", "c"}, {"bytes", 200000}, {"taken_at", "2026-11-19T14:00:00Z"}})});
  all.push_back(of_runs({run("backup", "failed")}).at(0));
  const auto order = [&all](HistoryOrder by) {
    sort(all, by);
    std::string names;
    for (const HistoryRow& one : all) names += one.is_archive() ? one.archive : "-";
    return names;
  };
  CHECK(order({}) == "b-ac");
  CHECK(order({.column = HistoryColumn::TakenAt, .is_descending = false}) == "ca-b");
  CHECK(order({.column = HistoryColumn::Size}) == "acb-");
  CHECK(order({.column = HistoryColumn::Status, .is_descending = false}) == "-bac");
  CHECK(order({.column = HistoryColumn::Computer}) == "bac-");
}

TEST_CASE("A click on a column sorts by it, and another one the other way round") {
  const HistoryOrder by_time;
  CHECK(by_time.is_descending);
  const HistoryOrder by_size = by_time.after_click(HistoryColumn::Size);
  CHECK(by_size.column == HistoryColumn::Size);
  CHECK(by_size.is_descending);
  CHECK(!by_size.after_click(HistoryColumn::Size).is_descending);
  CHECK(!by_time.after_click(HistoryColumn::Computer).is_descending);
}

TEST_CASE("What is offered first for a restore is the newest backup that is verified") {
  const std::vector<HistoryRow> all = rows(
      {archive(
           {{"archive", "unchecked"}, {"check", "unknown"}, {"taken_at", "2026-11-25T14:00:00Z"}}),
       archive({{"archive", "old"}, {"taken_at", "2026-11-18T14:00:00Z"}}),
       archive({{"archive", "new"}})});
  REQUIRE(newest_to_restore(all) != nullptr);
  CHECK(newest_to_restore(all)->archive == "new");
  CHECK(newest_to_restore({}) == nullptr);
}

TEST_CASE("A row keeps its key, whatever becomes known of it") {
  CHECK(row().key == row({{"check", "broken"}, {"fault", "Damaged."}}).key);
  CHECK(row().key != row({{"archive", "other.zip"}}).key);
  CHECK(row().key != row({{"destination", "E:\\"}}).key);
}

TEST_CASE("What is missing from an answer about archives is no row but a failure") {
  json told = archive();
  told.erase("taken_at");
  CHECK_THROWS_AS(rows({told}), json::exception);
}

}  // namespace
}  // namespace holdfast
