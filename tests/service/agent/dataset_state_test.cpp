#include "service/agent/dataset_state.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "common/path_text.h"

namespace holdfast {
namespace {

DatasetState state_with(const std::string& destination) {
  const Dataset dataset{.id = "emr",
                        .database = "/data/clinic.db",
                        .destination = FolderDestination{destination},
                        .retries = 7};
  return dataset_states({{.dataset = dataset}}, {.host = "PC"}).at(0);
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

EffectiveDataset dataset_of(const std::string& id, const std::string& database,
                            const std::string& destination) {
  return {.dataset = {.id = id,
                      .title = "The " + id,
                      .database = database,
                      .destination = FolderDestination{destination}}};
}

const MachineFacts kMachine{.host = "PC", .folders = {{"programdata", "C:\\ProgramData"}}};

TEST_CASE("One database under two names is protected by the first dataset only") {
  const auto states =
      dataset_states({dataset_of("emr", "{programdata}\\EMR\\clinic.db", "D:\\A"),
                      dataset_of("copy", "c:\\programdata\\emr\\CLINIC.DB", "D:\\B"),
                      dataset_of("other", "{programdata}\\EMR\\other.db", "D:\\C")},
                     kMachine);
  CHECK(states.at(0).fault.empty());
  CHECK(states.at(1).fault ==
        "The dataset The emr protects the database c:\\programdata\\emr\\CLINIC.DB already. Remove "
        "one of the two from the configuration.");
  CHECK(states.at(2).fault.empty());
}

TEST_CASE("A destination that only turns out to be the database's folder is refused") {
  const auto states = dataset_states(
      {dataset_of("emr", "{programdata}\\EMR\\clinic.db", "C:\\ProgramData\\EMR")}, kMachine);
  CHECK(states.at(0).fault ==
        "The destination C:\\ProgramData\\EMR is the database's own folder; archives need one of "
        "their own. Choose another folder in the configuration.");
}

TEST_CASE("What is not enabled is left out") {
  EffectiveDataset dataset = dataset_of("emr", "C:\\clinic.db", "D:\\A");
  dataset.dataset.enabled = false;
  CHECK(dataset_states({dataset}, kMachine).empty());
}

}  // namespace
}  // namespace holdfast
