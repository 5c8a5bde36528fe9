#include "tray/menu_model.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "tray/line_text.h"
#include "tray/status_view.h"

namespace holdfast {
namespace {

// A menu grows as wide as its longest line.
constexpr std::size_t kMaxUnits = 80;
// The ids of a dataset's commands are so far apart from the next one's; 16 bits hold them all.
constexpr int kIdsOfDataset = 1000;
constexpr std::size_t kMostSubmenus = 60;
constexpr std::size_t kMostFaults = 3;

struct Subject {
  std::string dataset;
  int number = 0;  // of its submenu; 0 outside of any
};

// `obstacle` is why it is not possible; empty when it is.
MenuLine offer(MenuCommand command, std::string text, const Subject& subject = {},
               std::string_view obstacle = {}) {
  if (!obstacle.empty()) text.append(" (").append(obstacle).append(")");
  return {.text = std::move(text),
          .command = command,
          .dataset = subject.dataset,
          .id = static_cast<int>(command) + kIdsOfDataset * subject.number,
          .is_possible = obstacle.empty()};
}

MenuLine told(std::string_view words) {
  return {.text = with_plain_ampersands(fitted(capitalized(std::string(words)), kMaxUnits))};
}

// Why nothing can be done with any dataset; empty when something can.
std::string_view obstacle_to_all(const ServiceState& state) {
  if (!state.status) return "the service is away";
  if (state.status->phase == ServicePhase::Stopping) return "the service is stopping";
  return state.status->datasets.empty() ? "no database is protected" : "";
}

// What is wrong with the service itself.
void add_faults(std::vector<MenuLine>& lines, const std::vector<std::string>& faults) {
  const std::size_t shown = std::min(faults.size(), kMostFaults);
  for (std::size_t i = 0; i < shown; ++i) lines.push_back(told(faults[i]));
  if (faults.size() > shown) {
    lines.push_back(told("And " + std::to_string(faults.size() - shown) + " more."));
  }
}

void add_dataset_lines(std::vector<MenuLine>& lines, const Subject& subject) {
  lines.push_back(offer(MenuCommand::BackUpNow, "&Back up now", subject));
  lines.push_back(offer(MenuCommand::Restore, "&Restore...", subject));
  lines.push_back(offer(MenuCommand::History, "Backup &history", subject));
  lines.push_back(offer(MenuCommand::OpenFolder, "&Open backup folder", subject));
}

void add_submenus(std::vector<MenuLine>& lines, const std::vector<DatasetStatus>& datasets) {
  lines.push_back(offer(MenuCommand::BackUpNow, "&Back up all now"));
  lines.push_back(offer(MenuCommand::History, "Backup &history"));
  lines.emplace_back();
  int number = 0;
  for (const DatasetStatus& dataset : datasets) {
    if (lines.size() == kMostSubmenus) break;
    MenuLine line = told(dataset.title);
    line.submenu = {told(dataset.headline), {}};
    add_dataset_lines(line.submenu, {.dataset = dataset.id, .number = ++number});
    lines.push_back(std::move(line));
  }
}

void add_obstructed(std::vector<MenuLine>& lines, std::string_view obstacle) {
  lines.push_back(offer(MenuCommand::BackUpNow, "&Back up now", {}, obstacle));
  lines.push_back(offer(MenuCommand::Restore, "&Restore...", {}, obstacle));
  lines.push_back(offer(MenuCommand::History, "Backup &history"));
  lines.push_back(offer(MenuCommand::OpenFolder, "&Open backup folder", {}, obstacle));
}

// What has to do with the program, not with backups, stands here.
void add_program_lines(std::vector<MenuLine>& lines, const ServiceState& state) {
  lines.push_back(
      offer(MenuCommand::Report, "S&tatistics", {}, state.status ? "" : "the service is away"));
  lines.push_back(offer(MenuCommand::Setup, "&Protect a database..."));
  lines.push_back(offer(MenuCommand::Settings, "&Settings..."));
  lines.push_back(offer(MenuCommand::About, "&About Holdfast"));
  lines.push_back(offer(MenuCommand::Exit, "E&xit"));
}

}  // namespace

std::vector<MenuLine> menu_lines(const ServiceState& state) {
  std::vector<MenuLine> lines{told(sentence(state))};
  add_faults(lines, faults_beside(sentence(state), state));
  lines.emplace_back();
  const std::string_view obstacle = obstacle_to_all(state);
  if (!obstacle.empty()) {
    add_obstructed(lines, obstacle);
  } else if (state.status->datasets.size() == 1) {
    add_dataset_lines(lines, {.dataset = state.status->datasets.front().id});
  } else {
    add_submenus(lines, state.status->datasets);
  }
  lines.emplace_back();
  add_program_lines(lines, state);
  return lines;
}

const MenuLine* line_with_id(const std::vector<MenuLine>& lines, int id) {
  for (const MenuLine& line : lines) {
    if (const MenuLine* const found = line_with_id(line.submenu, id)) return found;
    if (line.id == id && line.is_possible && line.command != MenuCommand::None) return &line;
  }
  return nullptr;
}

}  // namespace holdfast
