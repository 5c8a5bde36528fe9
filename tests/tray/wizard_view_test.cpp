#include "tray/wizard_view.h"

#include <catch2/catch_test_macros.hpp>

#include "tray/known_applications.h"

namespace holdfast {
namespace {

using nlohmann::json;

const UserFolders kFolders{{"{localappdata}", "C:\\Users\\anna\\AppData\\Local"},
                           {"{profile}", "C:\\Users\\anna"},
                           {"{documents}", "D:\\Documents"}};

TEST_CASE("The set-up looks where known applications keep their databases") {
  const auto places = places_to_look(kFolders);
  REQUIRE(places.size() == 4);
  CHECK(places[0] == DatabaseChoice{"C:\\Users\\anna\\AppData\\Local\\DocAssist\\data\\clinic.db",
                                    "docassist-emr"});
  CHECK(places[1].database == "C:\\Users\\anna\\Desktop\\RVU Counter\\data\\rvu_records.db");
  CHECK(places[2].database == "D:\\Documents\\RVU Counter\\data\\rvu_records.db");
  CHECK(places_to_look({}).empty());
  CHECK(places_to_look({{"{profile}", ""}}).empty());
}

TEST_CASE("A database is called by its application, or by its file") {
  CHECK(choice_title({"C:\\x\\clinic.db", "docassist-emr"}) == "DocAssist EMR: C:\\x\\clinic.db");
  CHECK(choice_title({"C:\\x\\lab.db", ""}) == "C:\\x\\lab.db");
}

TEST_CASE("There is a usual folder for every database") {
  CHECK(usual_onedrive_folder({"C:\\x\\clinic.db", "docassist-emr"}) == "Apps\\DocAssist\\Backups");
  CHECK(usual_onedrive_folder({"C:\\x\\lab.db", ""}) == "Apps\\lab\\Backups");
  CHECK(usual_local_folder({"C:\\x\\lab. .db", ""}, kFolders) == "D:\\Documents\\Backups\\lab");
  CHECK(usual_local_folder({"C:\\???", ""}, {}) == "{documents}\\Backups\\Database");
}

TEST_CASE("A new dataset has all that its application's sample has, and what was chosen") {
  const ChosenSettings chosen{.in_onedrive = true, .account = "personal", .folder = "Apps\\D"};
  const json dataset = new_dataset({"C:\\x\\clinic.db", "docassist-emr"}, chosen, {});
  CHECK(dataset["id"] == "docassist-emr");
  CHECK(dataset["title"] == "DocAssist EMR");
  CHECK(dataset["database"] == "C:\\x\\clinic.db");
  CHECK(dataset["destination"] == json{{"onedrive", "Apps\\D"}, {"account", "personal"}});
  CHECK(dataset["schedule"] == json{{"every", "4h"}});
  CHECK(dataset["include"].size() == 3);
  CHECK(dataset["counts"].contains("patients"));
}

TEST_CASE("The id of a new dataset is made of its file's name, and is nobody else's") {
  struct Row {
    const char* database;
    std::vector<std::string> others;
    std::string id;
  };
  const Row rows[] = {{"C:\\x\\Lab Results (2).db", {}, "lab-results-2"},
                      {"C:\\x\\lab.db", {"lab"}, "lab-2"},
                      {"C:\\x\\lab.db", {"lab", "lab-2"}, "lab-3"},
                      {"C:\\x\\\xC3\xA4\xC3\xB6.db", {}, "database"},
                      {"lab", {}, "lab"},
                      {"C:\\x/.hidden", {}, "hidden"}};
  for (const auto& [database, others, id] : rows) {
    CAPTURE(database);
    CHECK(new_dataset({database, ""}, {}, others)["id"] == id);
  }
  const std::string long_name(500, 'a');
  CHECK(new_dataset({long_name + ".db", ""}, {}, {})["id"].get<std::string>().size() == 60);
}

TEST_CASE("The set-up opens by itself only where nothing is protected, and nobody has skipped it") {
  Status status;
  CHECK(opens_by_itself(status, SetupSkipped::No));
  CHECK_FALSE(opens_by_itself(status, SetupSkipped::Yes));
  CHECK_FALSE(opens_by_itself(std::nullopt, SetupSkipped::No));
  status.faults = {"The configuration has a fault."};
  CHECK_FALSE(opens_by_itself(status, SetupSkipped::No));
  status.faults.clear();
  status.phase = ServicePhase::Stopping;
  CHECK_FALSE(opens_by_itself(status, SetupSkipped::No));
  status.phase = ServicePhase::Running;
  status.datasets.push_back({.id = "a"});
  CHECK_FALSE(opens_by_itself(status, SetupSkipped::No));
}

TEST_CASE("The first backup is told while it runs, and good only when it was verified") {
  CHECK_FALSE(first_backup({{"state", "queued"}}).has_ended);
  const FirstBackup half =
      first_backup({{"state", "running"}, {"done_bytes", 50}, {"total_bytes", 100}});
  CHECK(half.percent == 50);
  CHECK_FALSE(half.has_ended);
  const FirstBackup good = first_backup(
      {{"state", "ended"}, {"record", {{"outcome", "verified"}, {"archive", "a.zip"}}}});
  CHECK(good.is_good);
  CHECK(good.sentence == "Backed up, read back and verified: a.zip");
  const FirstBackup failed = first_backup(
      {{"state", "ended"}, {"record", {{"outcome", "failed"}, {"sentence", "It is locked."}}}});
  CHECK(failed.has_ended);
  CHECK_FALSE(failed.is_good);
  CHECK(failed.sentence == "It is locked.");
  for (const char* outcome : {"cancelled", "interrupted", "something new"}) {
    const FirstBackup other =
        first_backup({{"state", "ended"}, {"record", {{"outcome", outcome}}}});
    CHECK_FALSE(other.is_good);
    CHECK_FALSE(other.sentence.empty());
  }
}

TEST_CASE("What the organisation has set otherwise is told, and nothing where it has not") {
  const auto sentence = [](const char* keys) {
    return overruled_sentence({{"dataset", "lab@S"}, {"overruled", nlohmann::json::parse(keys)}});
  };
  CHECK(overruled_sentence({{"dataset", "lab@S"}}).empty());
  CHECK(sentence(R"(["keep.last"])").empty());
  CHECK(sentence(R"(["schedule.every"])") ==
        "Your organisation has set when its backups are made.");
  CHECK(sentence(R"(["destination.folder"])") == "Your organisation has set where its backups go.");
  CHECK(sentence(R"(["destination.folder", "schedule.daily"])") ==
        "Your organisation has set where its backups go, and when they are made.");
}

TEST_CASE("Each schedule that the set-up offers is one that the configuration takes") {
  for (const ScheduleChoice& choice : schedule_choices()) {
    CHECK_FALSE(choice.title.empty());
    CHECK(choice.value.empty() == (choice.kind == ScheduleKind::Manual));
  }
}

}  // namespace
}  // namespace holdfast
