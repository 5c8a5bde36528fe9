#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tray/service_state.h"

namespace holdfast {

// What the tray shows for a state of the service. Pure: words and choices, no windows.

enum class IconState { Protected, Working, Attention, AtRisk, Away };

// The values are what WM_COMMAND carries.
enum class MenuCommand { None = 0, About = 101, Exit = 102 };

// A line without a command only tells something; without text it is a separator.
struct MenuLine {
  std::string text;  // as menus read it: "&&" stands for "&", "&" marks the access key
  MenuCommand command = MenuCommand::None;
};

struct StatusView {
  IconState icon = IconState::Away;
  std::string tooltip;
  std::vector<MenuLine> menu;
};

// What the shell keeps of a tooltip.
constexpr std::size_t kMaxTooltipUnits = 127;

StatusView status_view(const ServiceState& state);

// The body of the About dialog.
std::string about_text(const ServiceState& state, std::string_view tray_version);

}  // namespace holdfast
