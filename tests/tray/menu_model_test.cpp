#include "tray/menu_model.h"

#include <set>
#include <string>

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

DatasetStatus dataset(const std::string& id, const std::string& title) {
  return {.id = id,
          .title = title,
          .health = Health::Protected,
          .headline = "Backed up 2 hours ago.",
          .archived_at = Time{}};
}

ServiceState protecting(std::vector<DatasetStatus> datasets) {
  return {.status = Status{.health = Health::Protected,
                           .headline = "All is well.",
                           .datasets = std::move(datasets)}};
}

// Each on a line: its text, "-" for a separator, "(...)" around what cannot be chosen; what is in a
// submenu is indented.
std::string drawn(const std::vector<MenuLine>& lines, const std::string& indentation = "") {
  std::string text;
  for (const MenuLine& line : lines) {
    const bool can_be_chosen = line.command != MenuCommand::None && line.is_possible;
    const bool is_plain = can_be_chosen || line.text.empty() || !line.submenu.empty();
    text += indentation + (line.text.empty() ? "-" : is_plain ? line.text : "[" + line.text + "]");
    text += "\n" + drawn(line.submenu, indentation + "  ");
  }
  return text;
}

TEST_CASE("With one dataset the menu is the headline and what can be done") {
  const auto lines = menu_lines(protecting({dataset("emr", "DocAssist EMR")}));
  CHECK(drawn(lines) ==
        "[All is well.]\n"
        "-\n"
        "&Back up now\n"
        "&Restore...\n"
        "Backup &history\n"
        "&Open backup folder\n"
        "-\n"
        "S&tatistics\n"
        "&Protect a database...\n"
        "&Settings...\n"
        "&About Holdfast\n"
        "E&xit\n");
  CHECK(lines[2].dataset == "emr");
}

TEST_CASE("With several datasets each has a submenu, with its own headline") {
  DatasetStatus fresh = dataset("shifts", "Smith & Sons");
  fresh.archived_at.reset();
  fresh.headline = "Not backed up yet.";
  CHECK(drawn(menu_lines(protecting({dataset("emr", "DocAssist EMR"), fresh}))) ==
        "[All is well.]\n"
        "-\n"
        "&Back up all now\n"
        "Backup &history\n"
        "-\n"
        "DocAssist EMR\n"
        "  [Backed up 2 hours ago.]\n"
        "  -\n"
        "  &Back up now\n"
        "  &Restore...\n"
        "  Backup &history\n"
        "  &Open backup folder\n"
        "Smith && Sons\n"
        "  [Not backed up yet.]\n"
        "  -\n"
        "  &Back up now\n"
        "  &Restore...\n"
        "  Backup &history\n"
        "  &Open backup folder\n"
        "-\n"
        "S&tatistics\n"
        "&Protect a database...\n"
        "&Settings...\n"
        "&About Holdfast\n"
        "E&xit\n");
}

TEST_CASE("Restore is offered where only another computer has made backups") {
  DatasetStatus on_new_computer = dataset("emr", "DocAssist EMR");
  on_new_computer.archived_at.reset();
  const auto lines = menu_lines(protecting({on_new_computer}));
  CHECK(line_with_id(lines, static_cast<int>(MenuCommand::Restore)) != nullptr);
}

TEST_CASE("What is wrong with the service stands below the headline, shortened") {
  ServiceState state = protecting({dataset("emr", "DocAssist EMR")});
  state.status->faults = {std::string(200, 'x'), "Two.", "Three.", "Four.", "Five."};
  const auto lines = menu_lines(state);
  CHECK(lines[1].text.size() <= 80);
  CHECK(lines[3].text == "Three.");
  CHECK(lines[4].text == "And 2 more.");
  CHECK(lines[5].text.empty());
  state.status->headline = "Two.";
  CHECK(menu_lines(state)[2].text == "Three.");
  CHECK(line_with_id(lines, static_cast<int>(MenuCommand::BackUpNow)) != nullptr);
}

TEST_CASE("What is not possible now is grey in the menu and says why") {
  const auto grey = [](const ServiceState& state) {
    std::set<std::string> texts;
    for (const MenuLine& line : menu_lines(state)) {
      if (!line.is_possible) texts.insert(line.text);
    }
    return texts;
  };
  CHECK(grey({.failure = Error(ErrorCode::TimedOut, "What happened.", "")}) ==
        std::set<std::string>{
            "&Back up now (the service is away)", "&Restore... (the service is away)",
            "&Open backup folder (the service is away)", "S&tatistics (the service is away)"});
  CHECK(grey(protecting({})).contains("&Back up now (no database is protected)"));
  ServiceState stopping = protecting({dataset("emr", "DocAssist EMR")});
  stopping.status->phase = ServicePhase::Stopping;
  CHECK(grey(stopping).contains("&Back up now (the service is stopping)"));
}

TEST_CASE("A command of the menu is known by its id, whose dataset it means with it") {
  std::vector<DatasetStatus> datasets;
  for (int i = 0; i < 70; ++i) datasets.push_back(dataset("d" + std::to_string(i), "Title"));
  const auto lines = menu_lines(protecting(datasets));
  std::set<int> ids;
  for (const MenuLine& line : lines) {
    if (line.id != 0) CHECK(ids.insert(line.id).second);
    for (const MenuLine& inner : line.submenu) {
      if (inner.id == 0) continue;
      CHECK(ids.insert(inner.id).second);
      REQUIRE(line_with_id(lines, inner.id) != nullptr);
      CHECK(line_with_id(lines, inner.id)->dataset == inner.dataset);
      CHECK(!inner.dataset.empty());
    }
  }
  CHECK(*ids.rbegin() < 0x10000);
  CHECK(line_with_id(lines, static_cast<int>(MenuCommand::Exit))->command == MenuCommand::Exit);
  CHECK(line_with_id(lines, 0) == nullptr);
  const auto away = menu_lines(ServiceState{});
  CHECK(line_with_id(away, static_cast<int>(MenuCommand::BackUpNow)) == nullptr);
  CHECK(line_with_id(away, static_cast<int>(kDefaultCommand)) != nullptr);
}

}  // namespace
}  // namespace holdfast
