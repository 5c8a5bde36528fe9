#include "service/config/read_config.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include "tests/service/config/example_config.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

std::vector<std::string> told(std::string_view text) {
  std::vector<std::string> lines;
  for (const ConfigFault& fault : read_config(text).faults) {
    lines.push_back(fmt::format("{}:{}: {}: {}", fault.place.line, fault.place.column, fault.path,
                                fault.sentence));
  }
  return lines;
}

// A dataset that is good but for what is added to it.
std::string with(std::string_view more) {
  return R"({"version": 1, "datasets": [{"id": "a", "database": "C:\\x\\y.db", )" +
         std::string(more) + "}]}";
}
std::string with_destination(std::string_view more) {
  return with(R"("destination": {"folder": "E:\\b"}, )" + std::string(more));
}

TEST_CASE("A configuration is read whole, comments and all") {
  const ConfigReading reading = read_config(kExampleConfig);
  REQUIRE(told(kExampleConfig).empty());
  REQUIRE(reading.config.datasets.size() == 2);
  const Dataset& emr = reading.config.datasets[0];
  CHECK(emr.id == "docassist-emr");
  CHECK(emr.title == "DocAssist EMR");
  CHECK_FALSE(emr.enabled);
  CHECK(emr.database == "{localappdata}\\DocAssist\\data\\clinic.db");
  CHECK(emr.include == std::vector<std::string>{"chroma/**", "settings.json"});
  CHECK(std::get<OneDriveDestination>(emr.destination).folder == "Apps\\DocAssist\\Backups");
  CHECK(std::get<OneDriveDestination>(emr.destination).account == "business1");
  CHECK(std::get<Daily>(emr.schedule).time_of_day == 18h + 30min);
  using Kind = Trigger::Kind;
  CHECK(emr.triggers == std::vector<Trigger>{{Kind::Startup, ""},
                                             {Kind::SignOut, ""},
                                             {Kind::Shutdown, ""},
                                             {Kind::AppStarts, "DocAssist.exe"},
                                             {Kind::AppCloses, "DocAssist.exe"},
                                             {Kind::QueryChanges, "SELECT max(id) FROM visits"}});
  CHECK(emr.keep.last == 20);
  CHECK(emr.keep.daily == 7);
  CHECK(emr.keep.weekly == 4);
  CHECK(emr.keep.monthly == 12);
  CHECK(emr.keep.safety == 3);
  CHECK(emr.counts.at("study records") == "WITH x AS (SELECT 1) SELECT count(*) FROM x");
  CHECK(emr.stale_after == 48h);
  CHECK(emr.waiting_limit == 90min);
  CHECK(emr.alarm_on_drop_percent == 5);
  CHECK(emr.drill_every == std::nullopt);
  CHECK(emr.retries == 5);
  CHECK(emr.notify == Notify::All);
  CHECK(is_per_user(emr));

  const Dataset& shared = reading.config.datasets[1];
  CHECK(std::get<FolderDestination>(shared.destination).folder == "E:\\Backups");
  CHECK(std::get<Every>(shared.schedule).interval == 90s);
  CHECK(shared.drill_every == std::chrono::days(30));
  CHECK_FALSE(is_per_user(shared));
}

TEST_CASE("What is not written has its default") {
  const ConfigReading reading = read_config(with(R"("destination": {"folder": "E:\\b"})"));
  REQUIRE(reading.is_good());
  const Dataset& dataset = reading.config.datasets.at(0);
  CHECK(dataset.title == "a");
  CHECK(dataset.enabled);
  CHECK(dataset.include.empty());
  CHECK(std::get<Every>(dataset.schedule).interval == 4h);
  CHECK(dataset.triggers.empty());
  CHECK(dataset.keep.last == 10);
  CHECK(dataset.keep.safety == 5);
  CHECK(dataset.counts.empty());
  CHECK(dataset.stale_after == 24h);
  CHECK(dataset.waiting_limit == 24h);
  CHECK(dataset.alarm_on_drop_percent == 20);
  CHECK(dataset.drill_every == std::chrono::days(7));
  CHECK(dataset.retries == 3);
  CHECK(dataset.notify == Notify::Failures);
}

TEST_CASE("Without stale_after a backup may come half an interval late before it is stale") {
  CHECK(default_stale_after(Every{4h}) == 24h);
  CHECK(default_stale_after(Every{20h}) == 30h);
  CHECK(default_stale_after(Daily{}) == 36h);
  CHECK(default_stale_after(Manual{}) == 24h);
}

TEST_CASE("A dataset exists once for each user when it lies with users or goes to their OneDrive") {
  Dataset dataset{.database = "{programdata}\\x.db", .destination = FolderDestination{"E:\\b"}};
  CHECK_FALSE(is_per_user(dataset));
  dataset.destination = FolderDestination{"{documents}\\b"};
  CHECK(is_per_user(dataset));
  dataset.destination = OneDriveDestination{"Backups", ""};
  CHECK(is_per_user(dataset));
  dataset = {.database = "{appdata}\\x.db", .destination = FolderDestination{"E:\\b"}};
  CHECK(is_per_user(dataset));
}

TEST_CASE("Every fault is told at once, in the order of the text") {
  const std::string text = R"({
  "version": 2, "colour": "red",
  "datasets": [
    { "id": "Clinic", "databse": "C:\\x\\y.db", "id": "clinic",
      "destination": {"onedrive": "Apps", "folder": "E:\\b"},
      "schedule": {"every": "4 hours"}, "keep": {"last": 0} },
    { "id": "b", "database": "C:\\x\\y.db", "destination": {"folder": "C:\\X\\"} },
    { "id": "b", "database": "c:/X/y.DB", "destination": {"folder": "E:\\b"},
      "schedule": {"daily": "18:30"}, "stale_after": "2h" }
  ]
})";
  CHECK(told(text) ==
        std::vector<std::string>{
            "2:14: version: This Holdfast knows version 1 only.",
            "2:17: colour: There is no such key; known here are \"$schema\", \"version\", "
            "\"datasets\".",
            "4:13: datasets[0].id: \"Clinic\" has something other than small letters, digits and "
            "\"-\"; write it like \"docassist-emr\".",
            "4:23: datasets[0].databse: There is no such key; did you mean \"database\"?",
            "4:49: datasets[0].id: This key stands in line 4 already; keep one of them.",
            "5:22: datasets[0].destination: \"onedrive\" and \"folder\" exclude each other; keep "
            "one.",
            "6:29: datasets[0].schedule.every: \"4 hours\" is no duration; write it like \"4h\".",
            "6:58: datasets[0].keep.last: 0 is too small; the smallest is 1.",
            "7:71: datasets[1].destination.folder: \"C:\\\\X\\\\\" is the database's own folder; "
            "archives need one of their own.",
            "8:13: datasets[2].id: Another dataset has this id: datasets[1].",
            "8:30: datasets[2].database: Another dataset protects this database: datasets[1].",
            "9:54: datasets[2].stale_after: \"2h\" is shorter than the time between two backups, "
            "\"1d\".",
        });
}

TEST_CASE("Each fault says what is wrong and what would be right") {
  struct Row {
    std::string text;
    std::string path;
    std::string sentence;
  };
  const std::string d = "datasets[0].";
  const Row rows[] = {
      {"[]", "", R"(A configuration is an object, like {"version": 1, "datasets": []}.)"},
      {"{}", "", R"("version" is missing; write it like "version": 1.)"},
      {R"({"version": "1", "datasets": []})", "version",
       R"("1" is no whole number; write it like 1.)"},
      {R"({"version": 1, "datasets": {}})", "datasets", R"({...} is no list; write it like [].)"},
      {R"({"version": 1, "datasets": [1]})", "datasets[0]",
       R"(1 is no object; write it like {"id": "clinic", "database": "C:\\Clinic\\clinic.db", )"
       R"("destination": {"folder": "E:\\Backups"}}.)"},
      {with(R"("enabled": true)"), "datasets[0]",
       R"("destination" is missing; write it like "destination": )"
       R"({"onedrive": "Apps\\DocAssist\\Backups"}.)"},
      {with(R"("destination": {})"), d + "destination",
       R"(One of "onedrive", "folder" is missing; write it like )"
       R"({"onedrive": "Apps\\DocAssist\\Backups"}.)"},
      {with(R"("destination": {"folder": "E:\\b", "account": "personal"})"),
       d + "destination.account", R"(Only "onedrive" has an account; remove it.)"},
      {with(R"("destination": {"onedrive": "b", "account": "bussiness1"})"),
       d + "destination.account", R"("bussiness1" is not known; did you mean "business1"?)"},
      {with(R"("destination": {"onedrive": "C:\\b"})"), d + "destination.onedrive",
       R"("C:\\b" is not a folder inside OneDrive; begin with that folder's name.)"},
      {with_destination(R"("enabled": "yes")"), d + "enabled",
       R"("yes" is neither true nor false; write it like false.)"},
      {with_destination(R"("title": "  ")"), d + "title",
       R"("  " is blank; write it like "DocAssist EMR".)"},
      {with_destination(R"("title": ")" + std::string(101, 'x') + "\""), d + "title",
       "The text has 101 characters; 100 is the most."},
      {with_destination(R"("schedule": {"every": "30s"})"), d + "schedule.every",
       R"("30s" is too short; the shortest is "1m".)"},
      {with_destination(R"("schedule": {"every": "32d"})"), d + "schedule.every",
       R"("32d" is too long; the longest is "31d".)"},
      {with_destination(R"("schedule": {"every": 4})"), d + "schedule.every",
       R"(4 is no duration; write it like "4h".)"},
      {with_destination(R"("schedule": {"daily": "24:00"})"), d + "schedule.daily",
       R"("24:00" is no time of day; write it like "18:30".)"},
      {with_destination(R"("schedule": {"manual": false})"), d + "schedule.manual",
       "false is not true; write it like true."},
      {with_destination(R"("schedule": "4h")"), d + "schedule",
       R"("4h" is no object; write it like {"every": "4h"}.)"},
      {with_destination(R"("triggers": ["signout"])"), d + "triggers[0]",
       R"("signout" is not known; did you mean "sign-out"?)"},
      {with_destination(R"("triggers": [7])"), d + "triggers[0]",
       R"(7 is no trigger; write it like "startup".)"},
      {with_destination(R"("triggers": [{"app_closes": "DocAssist"}])"),
       d + "triggers[0].app_closes",
       R"("DocAssist" is no program's file name; write it like "DocAssist.exe".)"},
      {with_destination(R"("keep": {"last": 1.5})"), d + "keep.last",
       "1.5 is no whole number; write it like 10."},
      {with_destination(R"("keep": {"last": 1001})"), d + "keep.last",
       "1001 is too large; the largest is 1000."},
      {with_destination(R"("counts": {"": "SELECT 1"})"), d + "counts[\"\"]",
       "A count needs a name, like \"patients\"."},
      {with_destination(R"("counts": {"study records": "DELETE FROM x"})"),
       d + "counts[\"study records\"]",
       R"("DELETE FROM x" does not begin with SELECT or WITH; write it like )"
       R"("SELECT count(*) FROM patients".)"},
      {with_destination(R"("alarm_on_drop": "120%")"), d + "alarm_on_drop",
       R"("120%" is no percentage; write it like "20%".)"},
      {with_destination(R"("drill_every": "off")"), d + "drill_every",
       R"("off" is no duration; write it like "7d".)"},
      {with_destination(R"("notify": "quiet")"), d + "notify",
       R"("quiet" is none of "failures", "all", "never".)"},
      {with_destination(R"("include": ["a\\b"])"), d + "include[0]",
       R"("a\\b" has a backslash; write "/" between folders.)"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const ConfigReading reading = read_config(row.text);
    REQUIRE_FALSE(reading.faults.empty());
    CHECK(reading.faults.front().path == row.path);
    CHECK(reading.faults.front().sentence == row.sentence);
    CHECK(reading.faults.size() == (row.text == "{}" ? 2 : 1));
    CHECK(reading.config.datasets.empty());
  }
}

TEST_CASE("More datasets than there may be are told as one fault") {
  std::string text = R"({"version": 1, "datasets": [)";
  for (int i = 0; i < 201; ++i) {
    text += fmt::format(
        R"({}{{"id": "d{}", "database": "C:\\x\\{}.db", "destination": {{"folder": "E:\\b"}}}})",
        i == 0 ? "" : ",", i, i);
  }
  CHECK(told(text + "]}") ==
        std::vector<std::string>{"1:28: datasets: There are 201 entries; 200 is the most."});
}

// Cuts, repeats and replaces parts at random, with pieces that mean something to JSON.
std::string mutated(std::string text, std::mt19937& random) {
  const auto below = [&random](std::size_t n) { return random() % std::max<std::size_t>(n, 1); };
  const std::string_view pieces[] = {"\"", "{",  "}",    "[",       "]",    ",",    ":",  "null",
                                     "//", "/*", "\\",   "\\u0000", "1e99", "-0",   "\n", "\xFF",
                                     "..", "**", "{{}}", "\\\\",    "true", "\"\"", "%",  "😀"};
  for (std::size_t i = below(4) + 1; i > 0; --i) {
    const std::size_t at = below(text.size());
    switch (below(5)) {
      case 0: text.erase(at, below(40)); break;
      case 1: text.insert(at, text.substr(below(text.size()), below(80))); break;
      case 2: text.insert(at, pieces[below(std::size(pieces))]); break;
      case 3:
        if (at < text.size()) text[at] = static_cast<char>(random());
        break;
      default: text.resize(at);
    }
  }
  return text;
}

TEST_CASE("Whatever a configuration is made into, it is read or its faults are told") {
  std::mt19937 random(7);
  int good = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = mutated(kExampleConfig, random);
    const ConfigReading reading = read_config(text);
    good += reading.is_good() ? 1 : 0;
    const int lines = static_cast<int>(std::count(text.begin(), text.end(), '\n')) + 1;
    for (const ConfigFault& fault : reading.faults) {
      const bool plausible = 1 <= fault.place.line && fault.place.line <= lines &&
                             fault.place.column >= 1 && !fault.sentence.empty() &&
                             fault.sentence.size() < 1000 &&
                             fault.sentence.find('\n') == std::string::npos;
      if (!plausible) FAIL(text);
    }
  }
  CHECK(good > 100);
}

}  // namespace
}  // namespace holdfast
