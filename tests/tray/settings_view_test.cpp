#include "tray/settings_view.h"

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;
using Field = SettingsField;
using Faults = std::map<Field, std::string>;

const Time kNow = time_from("2026-11-20T10:00:00Z");
const std::string kSid = "S-1-5-21-1";

json setting(const std::string& key, const json& value, const std::string& origin = "user") {
  return {{"key", key}, {"value", value}, {"origin", origin}, {"line", 1}};
}

json settings_of(const json& more = json::array()) {
  json settings = {setting("id", "shifts"),
                   setting("enabled", true, "default"),
                   setting("database", "C:\\RVU\\shifts.db"),
                   setting("keep.last", 10, "default"),
                   setting("keep.daily", 7),
                   setting("notify", "failures", "default")};
  for (const json& one : more) settings.push_back(one);
  return settings;
}

json listed(const std::string& key, const std::string& owner) {
  return {{"dataset", key},         {"title", "Shifts"},
          {"owner", owner},         {"enabled", true},
          {"database", "C:\\x.db"}, {"destination", "C:\\Users\\anna\\OneDrive\\Apps"}};
}

DatasetSettings only_one(const json& list, const json& config, const Status& status = {}) {
  const auto all =
      settings_view({.datasets = json::array({list}), .config = config, .status = status}, kNow);
  REQUIRE(all.size() == 1);
  return all[0];
}

// A dataset of the user's own.
DatasetSettings own(const json& more) {
  return only_one(listed("shifts@" + kSid, kSid),
                  {{{"id", "shifts"}, {"owner", kSid}, {"settings", settings_of(more)}}});
}

TEST_CASE("Settings show a dataset as its configuration has it") {
  const DatasetSettings in_cloud =
      own({setting("destination.onedrive", "Apps\\Shifts"),
           setting("destination.account", "business1"), setting("schedule.daily", "12:00")});
  CHECK(in_cloud.locked.empty());
  CHECK(in_cloud.title == "Shifts");
  CHECK(in_cloud.folder == "C:\\Users\\anna\\OneDrive\\Apps");
  CHECK(in_cloud.stored == ChosenSettings{.enabled = true,
                                          .database = "C:\\RVU\\shifts.db",
                                          .in_onedrive = true,
                                          .account = "business1",
                                          .folder = "Apps\\Shifts",
                                          .schedule = ScheduleKind::Daily,
                                          .daily = "12:00"});
  CHECK(in_cloud.chosen == in_cloud.stored);
  CHECK_FALSE(in_cloud.is_changed());
  const DatasetSettings manual =
      own({setting("destination.folder", "E:\\B"), setting("schedule.manual", true)});
  CHECK(manual.stored.schedule == ScheduleKind::Manual);
  CHECK_FALSE(manual.stored.in_onedrive);
  const DatasetSettings usual =
      own(json::array({setting("schedule", {{"every", "4h"}}, "default")}));
  CHECK(usual.stored.schedule == ScheduleKind::Every);
  CHECK(usual.stored.every == "4h");
}

TEST_CASE("Settings tell when the last backup was and when the next will be") {
  Status status;
  status.datasets.push_back(
      {.id = "shifts@" + kSid, .archived_at = kNow - 2h, .next_run = kNow + 2h});
  const json config = {{{"id", "shifts"}, {"owner", kSid}, {"settings", settings_of()}}};
  const auto times = [&] { return only_one(listed("shifts@" + kSid, kSid), config, status).times; };
  CHECK(times() == "Last backup 2 hours ago. Next backup in 2 hours.");
  status.datasets[0].next_run.reset();
  CHECK(times() == "Last backup 2 hours ago. The next backup is made when it is asked for.");
  status.datasets[0].archived_at.reset();
  status.datasets[0].next_run = kNow;
  CHECK(times() == "There is no backup yet. Next backup now.");
  status.datasets.clear();
  CHECK(times() == "It is not protected now.");
}

TEST_CASE("What belongs to the computer is locked, with a sentence why") {
  const json of_machine = {{{"id", "shifts"}, {"owner", ""}, {"settings", settings_of()}}};
  for (const auto& [key, owner] :
       {std::pair<std::string, std::string>{"shifts", ""}, {"shifts@" + kSid, kSid}}) {
    const DatasetSettings dataset = only_one(listed(key, owner), of_machine);
    CHECK(dataset.locked.starts_with("This dataset belongs to the computer."));
    CHECK(dataset.stored.database == "C:\\RVU\\shifts.db");
  }
  const DatasetSettings unknown = only_one(listed("shifts", ""), json::array());
  CHECK(unknown.locked.starts_with("The configuration that this dataset stands in has faults."));
}

TEST_CASE("What a policy has set is locked, and the rest is not") {
  const DatasetSettings dataset =
      own({setting("destination.folder", "E:\\B", "policy"), setting("retries", 5, "policy"),
           setting("keep.weekly", 4, "policy"), setting("schedule.every", "4h")});
  CHECK(dataset.locked.empty());
  CHECK(dataset.locked_fields ==
        Faults{{Field::Destination, "Your organisation has set this by policy."}});
}

TEST_CASE("What keeps a dataset from being backed up is told with its settings") {
  json list = listed("shifts@" + kSid, kSid);
  list["problem"] = "OneDrive is not installed.";
  const DatasetSettings dataset =
      only_one(list, {{{"id", "shifts"}, {"owner", kSid}, {"settings", settings_of()}}});
  CHECK(dataset.faults == Faults{{Field::General, "OneDrive is not installed."}});
}

TEST_CASE("Only what was changed is sent, and what else is kept stays") {
  DatasetSettings dataset =
      own({setting("destination.folder", "E:\\B"), setting("schedule.every", "4h")});
  CHECK(changed_settings(dataset) == json::object());
  const auto changed = [&dataset](auto change) {
    DatasetSettings other = dataset;
    change(other.chosen);
    return changed_settings(other);
  };
  using Chosen = ChosenSettings;
  CHECK(changed([](Chosen& chosen) { chosen.enabled = false; }) == json{{"enabled", false}});
  CHECK(changed([](Chosen& chosen) { chosen.database = "D:\\x"; }) == json{{"database", "D:\\x"}});
  CHECK(changed([](Chosen& chosen) { chosen.notify = "all"; }) == json{{"notify", "all"}});
  CHECK(changed([](Chosen& chosen) { chosen.keep_last = "20"; }) ==
        json{{"keep", {{"last", 20}, {"daily", 7}}}});
  CHECK(changed([](Chosen& chosen) { chosen.keep_last = "many"; }) ==
        json{{"keep", {{"last", "many"}, {"daily", 7}}}});
  CHECK(changed([](Chosen& chosen) {
          chosen.in_onedrive = true;
          chosen.folder = "Apps\\S";
        }) == json{{"destination", {{"onedrive", "Apps\\S"}}}});
  CHECK(changed([](Chosen& chosen) {
          chosen.in_onedrive = true;
          chosen.account = "personal";
          chosen.folder = "Apps\\S";
        }) == json{{"destination", {{"onedrive", "Apps\\S"}, {"account", "personal"}}}});
  CHECK(changed([](Chosen& chosen) { chosen.schedule = ScheduleKind::Daily; }) ==
        json{{"schedule", {{"daily", "18:30"}}}});
  CHECK(changed([](Chosen& chosen) { chosen.schedule = ScheduleKind::Manual; }) ==
        json{{"schedule", {{"manual", true}}}});
  CHECK(changed([](Chosen& chosen) { chosen.daily = "06:00"; }) == json::object());
}

TEST_CASE("Every interval can be chosen for a known application") {
  // As the set-up writes it.
  DatasetSettings dataset = own({setting("destination.folder", "E:\\B"),
                                 setting("schedule.every", "4h"), setting("stale_after", "24h")});
  const auto changed = [&dataset](ScheduleKind kind, const std::string& every) {
    dataset.chosen.schedule = kind;
    dataset.chosen.every = every;
    return changed_settings(dataset);
  };
  for (const char* every : {"36h", "2d", "1441m"}) {
    CAPTURE(every);
    CHECK(changed(ScheduleKind::Every, every) ==
          json{{"schedule", {{"every", every}}}, {"stale_after", nullptr}});
  }
  for (const char* every : {"12h", "24h", "1d", "soon", "h"}) {
    CAPTURE(every);
    CHECK(changed(ScheduleKind::Every, every) == json{{"schedule", {{"every", every}}}});
  }
  CHECK(!changed(ScheduleKind::Daily, "4h").contains("stale_after"));
  CHECK(!changed(ScheduleKind::Manual, "36h").contains("stale_after"));
  dataset.stale_after = "12h";
  CHECK(changed(ScheduleKind::Daily, "4h").at("stale_after").is_null());
  dataset.stale_after.clear();
  CHECK(!changed(ScheduleKind::Every, "36h").contains("stale_after"));
}

TEST_CASE("Each fault of the service stands at its field, word by word") {
  struct Row {
    const char* sentence;
    Faults faults;
  };
  const Row rows[] = {
      {"Nothing can be changed now.", {{Field::General, "Nothing can be changed now."}}},
      {"schedule.every: \"soon\" is no duration.", {{Field::Schedule, "\"soon\" is no duration."}}},
      {"database: C:\\x is a folder. keep.last: 0 is less than 1. destination: Choose one: a or b.",
       {{Field::Database, "C:\\x is a folder."},
        {Field::Keep, "0 is less than 1."},
        {Field::Destination, "Choose one: a or b."}}},
      {"id: The machine's dataset \"a\" has this id already.",
       {{Field::General, "id: The machine's dataset \"a\" has this id already."}}},
      {"notify: \"x\" is none. include[0]: Bad. (7 faults in all)",
       {{Field::Notify, "\"x\" is none."}, {Field::General, "include[0]: Bad. (7 faults in all)"}}},
      {"destination.folder: A. destination.account: B.", {{Field::Destination, "A. B."}}},
      {"", {}},
      {"Trouble: it is not in the list.", {{Field::General, "Trouble: it is not in the list."}}},
  };
  for (const auto& [sentence, faults] : rows) {
    CAPTURE(sentence);
    CHECK(field_faults(Error(ErrorCode::BadParameters, sentence, "")) == faults);
  }
}

TEST_CASE("A folder inside a OneDrive is told from one elsewhere") {
  using Found = std::optional<std::string>;
  CHECK(path_inside("C:\\One", "c:\\ONE\\Apps\\B") == Found("Apps\\B"));
  CHECK(path_inside("C:\\One", "C:/One/Apps") == Found("Apps"));
  for (const char* elsewhere :
       {"C:\\One", "C:\\One\\", "C:\\OneDrive\\Apps", "D:\\One\\Apps", ""}) {
    CHECK_FALSE(path_inside("C:\\One", elsewhere));
  }
  CHECK_FALSE(path_inside("", "C:\\One"));
}

TEST_CASE("A OneDrive is called by whom it belongs to, as far as that is known") {
  const json answer = {
      {"roots",
       {{{"account", "personal"}, {"email", "anna@example.org"}, {"folder", "C:\\A"}},
        {{"account", "business1"}, {"email", ""}, {"folder", "C:\\B"}},
        {{"account", ""}, {"email", ""}, {"folder", "C:\\C"}}}}};
  std::vector<std::string> titles;
  for (const CloudRootChoice& root : cloud_root_choices(answer)) titles.push_back(root_title(root));
  CHECK(titles == std::vector<std::string>{"OneDrive - anna@example.org", "OneDrive - business1",
                                           "OneDrive - C:\\C"});
}

}  // namespace
}  // namespace holdfast
