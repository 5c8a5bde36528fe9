#include "tray/announcement_choice.h"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

namespace holdfast {
namespace {

Status with(Health health, const std::string& notify = "failures") {
  return {.health = health,
          .datasets = {{.id = "emr",
                        .title = "DocAssist EMR",
                        .health = health,
                        .headline = "The headline.",
                        .notify = notify}}};
}

// Follows a service that protects one dataset.
struct Followed {
  explicit Followed(const std::string& notify = "failures") {
    CHECK(!choice.on_connected(with(Health::Protected, notify)));
  }
  // The title that popped up; empty when nothing did.
  std::string on(int event) {
    const auto told = choice.on_notice({.event = event, .dataset = "emr", .text = "Words."});
    return told ? told->title : "";
  }
  AnnouncementChoice choice;
};

TEST_CASE("A trouble pops up once, and so does its end") {
  Followed followed;
  CHECK(followed.on(3100) == "DocAssist EMR: Not backed up");
  CHECK(followed.on(3100).empty());
  CHECK(followed.on(3103).empty());
  CHECK(followed.on(2100).empty());
  CHECK(followed.on(3101) == "DocAssist EMR: The database is damaged");
  CHECK(followed.on(1100) == "DocAssist EMR: Backed up again");
  CHECK(followed.on(1100).empty());
  CHECK(followed.on(3101) == "DocAssist EMR: The database is damaged");
  CHECK(followed.on(1110) == "DocAssist EMR: The database is sound again");
}

TEST_CASE("Each trouble ends with what the page of the events says") {
  struct Row {
    int begin;
    int end;
  };
  for (const Row row :
       {Row{2100, 1100}, Row{3100, 1101}, Row{3102, 1100}, Row{3103, 1101}, Row{3101, 1111},
        Row{3110, 1110}, Row{3120, 1120}, Row{2110, 1130}, Row{3104, 1102}, Row{3104, 1131}}) {
    CAPTURE(row.begin, row.end);
    Followed followed;
    CHECK(!followed.on(row.begin).empty());
    CHECK(!followed.on(row.end).empty());
    CHECK(!followed.on(row.begin).empty());
  }
}

TEST_CASE("Nothing pops up by default for what went well, nor for what only administrators mind") {
  Followed followed;
  for (const int event : {1000, 1001, 1100, 1101, 1103, 1110, 1111, 1120, 1130, 1131, 1150, 1200,
                          2130, 2140, 2145, 3000, 3300, 9999}) {
    CAPTURE(event);
    CHECK(followed.on(event).empty());
  }
}

TEST_CASE("Who wants to be told all is told of backups, restores and tests, too") {
  Followed followed("all");
  CHECK(followed.on(1100) == "DocAssist EMR: Backed up");
  CHECK(followed.on(1100) == "DocAssist EMR: Backed up");
  CHECK(followed.on(1120) == "DocAssist EMR: Proven restorable");
  CHECK(followed.on(1101).empty());
  CHECK(followed.on(3100) == "DocAssist EMR: Not backed up");
  CHECK(followed.on(1100) == "DocAssist EMR: Backed up again");
}

TEST_CASE("Who wants to be told nothing is told nothing") {
  Followed followed("never");
  for (const int event : {3100, 3101, 2100, 1100}) CHECK(followed.on(event).empty());
  CHECK(!followed.choice.on_connected(with(Health::Damaged, "never")));
}

TEST_CASE("Who signs in learns what went wrong before, and of a trouble that lasts only once") {
  AnnouncementChoice choice;
  const auto told = choice.on_connected(with(Health::Failed));
  CHECK(told == Announcement{.mark = Announcement::Mark::Error,
                             .title = "DocAssist EMR: Not backed up",
                             .text = "The headline.",
                             .dataset = "emr"});
  CHECK(!choice.on_notice({.event = 3100, .dataset = "emr", .text = "Words."}));
  // The service was started anew, and tells again what still lasts.
  CHECK(!choice.on_connected(with(Health::Failed)));
  CHECK(!choice.on_notice({.event = 3100, .dataset = "emr", .text = "Words."}));
  // It ended while nobody listened.
  CHECK(!choice.on_connected(with(Health::Protected)));
  CHECK(choice.on_notice({.event = 3100, .dataset = "emr", .text = "Words."}));
}

TEST_CASE(
    "Of several troubles at once the worst pops up, and that nothing is protected yet does not") {
  Status status = with(Health::Stale);
  status.datasets.push_back({.id = "shifts", .title = "Shifts", .health = Health::Damaged});
  status.datasets.push_back({.id = "bank", .title = "Bank", .health = Health::Waiting});
  AnnouncementChoice choice;
  const auto told = choice.on_connected(status);
  REQUIRE(told);
  CHECK(told->title == "Shifts: The database is damaged");
  CHECK(!choice.on_connected(status));
  CHECK(!AnnouncementChoice().on_connected(with(Health::None)));
}

TEST_CASE("A fault of the service's is told in the tray, once, and its end") {
  const auto told = [](AnnouncementChoice& choice, std::vector<std::string> faults) {
    Status status = with(Health::Protected);
    status.faults = std::move(faults);
    const auto told_now = choice.on_status(status);
    return told_now ? told_now->title + ": " + told_now->text : "";
  };
  AnnouncementChoice choice;
  CHECK(told(choice, {"No catalog."}) == "Attention is needed: No catalog.");
  CHECK(told(choice, {"No catalog."}).empty());
  // The same is an event, too.
  CHECK(!choice.on_notice({.event = 2150, .text = "No catalog."}));
  CHECK(told(choice, {"No catalog.", "A key is wrong."}) == "Attention is needed: A key is wrong.");
  CHECK(told(choice, {"A key is wrong."}).empty());
  CHECK(told(choice, {}).starts_with("All is well again"));
  CHECK(told(choice, {}).empty());
  CHECK(told(choice, {"No catalog."}) == "Attention is needed: No catalog.");
}

TEST_CASE("A notice is read as the protocol has it") {
  const Notice notice = notice_from(
      {{"event", 3100}, {"dataset", "emr"}, {"severity", "error"}, {"text", "It failed."}});
  CHECK(notice.event == 3100);
  CHECK(notice.dataset == "emr");
  CHECK(notice.text == "It failed.");
  CHECK(notice_from({{"event", 1000}, {"text", "Started."}}).dataset.empty());
}

}  // namespace
}  // namespace holdfast
