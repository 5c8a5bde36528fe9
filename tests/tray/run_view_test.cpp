#include "tray/run_view.h"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

namespace holdfast {
namespace {

using nlohmann::json;

json running(const std::string& kind, const std::string& phase, int done, int total) {
  return {{"run", 7},
          {"dataset", "emr"},
          {"state", "running"},
          {"record", {{"kind", kind}, {"outcome", "running"}}},
          {"phase", phase},
          {"done_bytes", done},
          {"total_bytes", total},
          {"can_be_cancelled", kind != "restore"}};
}

json ended(const std::string& outcome, const json& more = json::object()) {
  json record = {{"kind", "backup"}, {"outcome", outcome}};
  record.update(more);
  return {{"run", 7}, {"dataset", "emr"}, {"state", "ended"}, {"record", record}};
}

TEST_CASE("The progress of a run is told in words, with its phase and how far that is") {
  CHECK(run_view(running("backup", "reading", 42, 100)).words == "Backing up: reading, 42%");
  CHECK(run_view(running("drill", "restoring", 1, 3)).words == "Testing a restore: restoring, 33%");
  const RunView restore = run_view(running("restore", "saving what is there", 0, 0));
  CHECK(restore.words == "Restoring: saving what is there");
  CHECK(!restore.percent);
  CHECK(!restore.can_be_cancelled);
  CHECK(run_view(running("backup", "", 5, 0)).words == "Backing up");
  CHECK(run_view(running("backup", "reading", 300, 100)).percent == 100);
}

TEST_CASE("A run that waits for another says so") {
  const RunView view = run_view({{"run", 7}, {"dataset", "emr"}, {"state", "queued"}});
  CHECK(view.state == RunView::State::Queued);
  CHECK(view.words == "Waiting to begin");
}

TEST_CASE("How a run ended is told with its reason") {
  CHECK(run_view(ended("verified")).is_good);
  CHECK(run_view(ended("unchanged")).is_good);
  CHECK(run_view(ended("cancelled")).is_cancelled);
  CHECK(run_view(ended("verified", {{"archive", "emr.safety.zip"}})).archive == "emr.safety.zip");
  const RunView failed =
      run_view(ended("failed", {{"code", "disk_full"}, {"sentence", "The disk is full."}}));
  CHECK(!failed.is_good);
  CHECK(failed.code == "disk_full");
  CHECK(failed.sentence == "The disk is full.");
  CHECK_THROWS_AS(run_view(json::object()), json::exception);
}

}  // namespace
}  // namespace holdfast
