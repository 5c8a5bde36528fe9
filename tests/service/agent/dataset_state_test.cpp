#include "service/agent/dataset_state.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "common/path_text.h"

namespace holdfast {
namespace {

std::vector<DatasetState> states_of(const std::vector<EffectiveDataset>& configured,
                                    const MachineFacts& machine) {
  return dataset_states(dataset_instances(configured, {}), machine);
}

DatasetState state_with(const std::string& destination) {
  const Dataset dataset{.id = "emr",
                        .database = "/data/clinic.db",
                        .destination = FolderDestination{destination},
                        .retries = 7};
  return states_of({{.dataset = dataset}}, {.host = "PC"}).at(0);
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
  const auto states = states_of({dataset_of("emr", "{programdata}\\EMR\\clinic.db", "D:\\A"),
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
  const auto states = states_of(
      {dataset_of("emr", "{programdata}\\EMR\\clinic.db", "C:\\ProgramData\\EMR")}, kMachine);
  CHECK(states.at(0).fault ==
        "The destination C:\\ProgramData\\EMR is the database's own folder; archives need one of "
        "their own. Choose another folder in the configuration.");
}

TEST_CASE("What is not enabled is left out") {
  EffectiveDataset dataset = dataset_of("emr", "C:\\clinic.db", "D:\\A");
  dataset.dataset.enabled = false;
  CHECK(states_of({dataset}, kMachine).empty());
}

PresentUser anna() {
  return {.user = {.sid = "S-1-5-21-1",
                   .name = "anna",
                   .folders = {{"programdata", "C:\\ProgramData"},
                               {"localappdata", "C:\\Users\\anna\\AppData\\Local"},
                               {"documents", "C:\\Users\\anna\\Documents"}}}};
}

DatasetState state_of_anna(const EffectiveDataset& configured) {
  const std::vector<PresentUser> users{anna()};
  return dataset_states(dataset_instances({&configured, 1}, {.users = users}), kMachine).at(0);
}

TEST_CASE("A user's dataset lies in that user's folders, and so does what is only looked at") {
  const DatasetState state =
      state_of_anna(dataset_of("notes", "{localappdata}\\Notes\\notes.db", "{documents}\\Backups"));
  CHECK(state.obstacle().empty());
  CHECK(path_text(state.database) == "C:\\Users\\anna\\AppData\\Local\\Notes\\notes.db");
  CHECK(path_text(state.destination) == "C:\\Users\\anna\\Documents\\Backups");
  CHECK(state.scratch == text_path("C:\\Users\\anna\\AppData\\Local\\Holdfast") / "scratch");
  CHECK(state.outbox ==
        text_path("C:\\Users\\anna\\AppData\\Local\\Holdfast") / "outbox" / "notes");
  CHECK(backup_request(state, kMachine, "").user == "anna");
}

TEST_CASE("Whose rights cannot be had is not told to be away") {
  PresentUser present = anna();
  present.user.folders.clear();
  present.user.fault = "Cannot have the rights of the user of session 2: Access is denied.";
  const std::vector<PresentUser> users{present};
  const EffectiveDataset configured =
      dataset_of("notes", "{localappdata}\\Notes\\notes.db", "/backups");
  const DatasetState state =
      dataset_states(dataset_instances({&configured, 1}, {.users = users}), kMachine).at(0);
  CHECK(state.key == "notes@S-1-5-21-1");
  CHECK(state.waits.empty());
  CHECK(state.fault ==
        "Nothing can be done for anna, who is signed in: Cannot have the rights of the user of "
        "session 2: Access is denied.");
  // So it grows old, and says why.
  const DatasetFacts facts = health_facts(state, std::nullopt);
  CHECK(dataset_health(facts, facts.known_since + std::chrono::hours(25)).headline.find("anna") !=
        std::string::npos);
  CHECK(is_overdue(facts, facts.known_since + std::chrono::hours(25)));
}

TEST_CASE("In a folder for all users each has a folder of their own") {
  const DatasetState state =
      state_of_anna(dataset_of("notes", "{localappdata}\\Notes\\notes.db", "/backups"));
  CHECK(state.destination == text_path("/backups") / "anna");
}

TEST_CASE("Two users who each added the same id to one folder keep apart what they have") {
  EffectiveDataset annas = dataset_of("emr", "C:\\Users\\anna\\clinic.db", "/backups");
  annas.owner = "S-1-5-21-1";
  EffectiveDataset bens = dataset_of("emr", "C:\\Users\\ben\\clinic.db", "/backups/");
  bens.owner = "S-1-5-21-2";
  PresentUser ben = anna();
  ben.user.sid = bens.owner;
  ben.user.name = "ben";
  const std::vector<PresentUser> users{anna(), ben};
  const std::vector<EffectiveDataset> configured{annas, bens};
  const auto states = dataset_states(dataset_instances(configured, {.users = users}), kMachine);
  REQUIRE(states.size() == 2);
  CHECK(states[0].destination == text_path("/backups") / "anna");
  CHECK(states[1].destination == text_path("/backups") / "ben");
}

TEST_CASE("What a user has in a folder of that user's own needs no folder in it") {
  EffectiveDataset notes = dataset_of("notes", "{localappdata}\\Notes\\notes.db", "");
  notes.owner = "S-1-5-21-1";
  for (const char* folder : {"{documents}\\Backups", "c:\\users\\ANNA\\documents\\Backups"}) {
    CAPTURE(folder);
    notes.dataset.destination = FolderDestination{folder};
    const std::string destination = path_text(state_of_anna(notes).destination);
    CHECK(destination.ends_with("Backups"));
  }
}

TEST_CASE("A database that two users back up is protected for both") {
  EffectiveDataset configured = dataset_of("emr", "{programdata}\\EMR\\clinic.db", "");
  configured.dataset.destination = FolderDestination{"{documents}\\Backups"};
  PresentUser ben = anna();
  ben.user.sid = "S-1-5-21-2";
  const std::vector<PresentUser> users{anna(), ben};
  for (const DatasetState& state :
       dataset_states(dataset_instances({&configured, 1}, {.users = users}), kMachine)) {
    CHECK(state.fault.empty());
  }
}

}  // namespace
}  // namespace holdfast
