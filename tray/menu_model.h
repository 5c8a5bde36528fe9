#pragma once

#include <string>
#include <vector>

#include "tray/service_state.h"

namespace holdfast {

// The icon's menu as data. Pure: what it offers for a state of the service, no windows.

// The values are part of what WM_COMMAND carries.
enum class MenuCommand {
  None = 0,
  About = 101,
  Exit = 102,
  BackUpNow = 110,
  Restore = 111,
  History = 112,
  OpenFolder = 113,
  Settings = 120,
  Setup = 121,
  Report = 122,
};

// A line without a command only tells something; without text it is a separator. What is not
// possible now says why in its text and cannot be chosen.
struct MenuLine {
  std::string text;  // as menus read it: "&&" stands for "&", "&" marks the access key
  MenuCommand command = MenuCommand::None;
  std::string dataset;  // whose it is; empty where there are several and all are meant, or none is
  int id = 0;           // what WM_COMMAND carries; unique in a menu
  bool is_possible = true;
  std::vector<MenuLine> submenu;
};

// The first line is the headline; what is wrong with the service itself follows. With one dataset
// its commands follow; with several there is a submenu for each, and the commands above them are
// about all.
std::vector<MenuLine> menu_lines(const ServiceState& state);

// What is bold, and what a click on the icon does.
constexpr MenuCommand kDefaultCommand = MenuCommand::History;

// The line that can be chosen with this id; null when there is none.
const MenuLine* line_with_id(const std::vector<MenuLine>& lines, int id);

}  // namespace holdfast
