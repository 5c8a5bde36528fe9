#include "service/agent/dataset_instances.h"

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

constexpr const char* kAnna = "S-1-5-21-1";
constexpr const char* kBen = "S-1-5-21-2";

EffectiveDataset notes() {
  return {.dataset = {.id = "notes",
                      .title = "Notes",
                      .database = "{localappdata}\\Notes\\notes.db",
                      .destination = FolderDestination{"{documents}\\Backups"}}};
}

EffectiveDataset clinic() {
  return {.dataset = {.id = "emr",
                      .title = "EMR",
                      .database = "C:\\EMR\\clinic.db",
                      .destination = FolderDestination{"D:\\Backups"}}};
}

PresentUser present(const std::string& sid, const std::string& name) {
  return {.user = {.sid = sid, .name = name}};
}

// What was there before, and who is signed in.
struct Machine {
  std::vector<PresentUser> users;
  std::vector<std::string> known;

  std::vector<DatasetInstance> with(const std::vector<EffectiveDataset>& configured) const {
    return dataset_instances(
        configured,
        {.users = users,
         .known = known,
         .profile_name = [](const std::string& sid) { return sid == kBen ? "ben" : sid; },
         .profile_owner =
             [](const std::string& path) {
               return std::string(path.starts_with("C:\\Users\\ben\\") ? kBen : "");
             }});
  }
};

TEST_CASE("The machine's dataset is there once, whoever is signed in") {
  const Machine machine{.users = {present(kAnna, "anna"), present(kBen, "ben")}};
  const auto instances = machine.with({clinic()});
  REQUIRE(instances.size() == 1);
  CHECK(instances[0].key == "emr");
  CHECK(instances[0].owner.empty());
  CHECK(instances[0].waits.empty());
  CHECK(instances[0].configured.dataset.title == "EMR");
}

TEST_CASE("A dataset in users' folders is there once for each user who is signed in") {
  const Machine machine{.users = {present(kAnna, "anna"), present(kBen, "ben")}};
  const auto instances = machine.with({notes()});
  REQUIRE(instances.size() == 2);
  CHECK(instances[0].key == "notes@S-1-5-21-1");
  CHECK(instances[0].configured.dataset.title == "Notes (anna)");
  CHECK(instances[1].owner == kBen);
  CHECK(instances[1].user == &machine.users[1]);
}

TEST_CASE("What goes to users' OneDrive is each user's, wherever the database lies") {
  EffectiveDataset to_cloud = clinic();
  to_cloud.dataset.destination = OneDriveDestination{.folder = "Backups", .account = ""};
  CHECK(Machine{.users = {present(kAnna, "anna")}}.with({to_cloud}).at(0).owner == kAnna);
}

TEST_CASE("What a user has waits while that user is not signed in") {
  const Machine machine{
      .users = {present(kAnna, "anna")},
      .known = {"emr", "notes@S-1-5-21-1", "notes@S-1-5-21-2", "other@S-1-5-21-2"}};
  const auto instances = machine.with({notes()});
  REQUIRE(instances.size() == 2);
  CHECK(instances[0].waits.empty());
  CHECK(instances[1].key == "notes@S-1-5-21-2");
  CHECK(instances[1].user == nullptr);
  CHECK(instances[1].waits == "Waits until ben signs in.");
  CHECK(instances[1].configured.dataset.title == "Notes (ben)");
}

TEST_CASE("A dataset of users waits for the first of them") {
  const auto instances = Machine{}.with({notes()});
  REQUIRE(instances.size() == 1);
  CHECK(instances[0].key == "notes");
  CHECK(instances[0].waits == "Waits until a user signs in.");
}

TEST_CASE("What a user added is that user's only, and is called as the user called it") {
  EffectiveDataset added = clinic();
  added.owner = kBen;
  const auto waiting = Machine{.users = {present(kAnna, "anna")}}.with({added});
  REQUIRE(waiting.size() == 1);
  CHECK(waiting[0].key == "emr@S-1-5-21-2");
  CHECK(waiting[0].waits == "Waits until ben signs in.");
  CHECK(waiting[0].configured.dataset.title == "EMR");
  CHECK(Machine{.users = {present(kBen, "ben")}}.with({added}).at(0).waits.empty());
}

TEST_CASE("What lies in one user's folder is that user's, however the configuration names it") {
  EffectiveDataset literal = clinic();
  literal.dataset.database = "C:\\Users\\ben\\EMR\\clinic.db";
  EffectiveDataset goes_there = clinic();
  goes_there.dataset.destination = FolderDestination{"C:\\Users\\ben\\OneDrive\\Backups"};
  const Machine both{.users = {present(kAnna, "anna"), present(kBen, "ben")}};
  for (const EffectiveDataset& configured : {literal, goes_there}) {
    const auto there = both.with({configured});
    REQUIRE(there.size() == 1);
    CHECK(there[0].key == "emr@S-1-5-21-2");
    CHECK(there[0].user == &both.users[1]);
    CHECK(there[0].configured.dataset.title == "EMR");
    const auto waiting = Machine{.users = {present(kAnna, "anna")}}.with({configured});
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].owner == kBen);
    CHECK(waiting[0].waits == "Waits until ben signs in.");
  }
}

TEST_CASE("What is switched off is there for nobody") {
  EffectiveDataset off = notes();
  off.dataset.enabled = false;
  CHECK(Machine{.users = {present(kAnna, "anna")}}.with({off}).empty());
}

}  // namespace
}  // namespace holdfast
