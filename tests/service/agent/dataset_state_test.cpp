#include "service/agent/dataset_state.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "common/path_text.h"

namespace holdfast {
namespace {

DatasetState state_with(const std::string& destination) {
  return dataset_state({.dataset = {.id = "emr",
                                    .database = "/data/clinic.db",
                                    .destination = FolderDestination{destination},
                                    .retries = 7}},
                       {.host = "PC"});
}

TEST_CASE("A destination is known by one spelling, that of its archives' folder") {
  const std::string written = GENERATE("/backups", "/backups/", "/backups//", "/x/../backups", "/");
  CAPTURE(written);
  const DatasetState state = state_with(written);
  CHECK(state.destination == (written == "/" ? "/" : "/backups"));
  CHECK(path_text((state.destination / "a.zip").parent_path()) == path_text(state.destination));
}

TEST_CASE("What is configured reaches the backup") {
  const DatasetState state = state_with("/backups");
  const BackupRequest request = backup_request(state, {.host = "PC", .user = "anna"}, "to be sure");
  CHECK(request.retries == 7);
  CHECK(request.database == state.database);
  CHECK(request.destination == state.destination);
  CHECK(request.reason == "to be sure");
  CHECK(request.user == "anna");
}

}  // namespace
}  // namespace holdfast
