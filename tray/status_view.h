#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tray/service_state.h"

namespace holdfast {

// What the tray shows for a state of the service. Pure: words and choices, no windows.

enum class IconState { Protected, Working, Attention, AtRisk, Away };

struct StatusView {
  IconState icon = IconState::Away;
  std::string tooltip;
};

// What the shell keeps of a tooltip.
constexpr std::size_t kMaxTooltipUnits = 127;

StatusView status_view(const ServiceState& state);

// How things stand, as the end of a sentence that starts with the product's name.
std::string sentence(const ServiceState& state);

// What is wrong with the service itself and not told by this headline already.
std::vector<std::string> faults_beside(std::string_view headline, const ServiceState& state);

// The body of the About dialog.
std::string about_text(const ServiceState& state, std::string_view tray_version);

}  // namespace holdfast
