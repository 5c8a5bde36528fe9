#include "tray/window_colours.h"

namespace holdfast {
namespace {

constexpr WindowColours kLight{.background = {0xF0, 0xF0, 0xF0},
                               .field = {0xFF, 0xFF, 0xFF},
                               .text = {0x00, 0x00, 0x00},
                               .fault = {0xB3, 0x26, 0x1E}};
constexpr WindowColours kDark{.background = {0x20, 0x20, 0x20},
                              .field = {0x2B, 0x2B, 0x2B},
                              .text = {0xF2, 0xF2, 0xF2},
                              .fault = {0xFF, 0x99, 0x8F}};

}  // namespace

ColourScheme colour_scheme(const ColourChoice& choice) {
  if (choice.has_contrast_theme) return ColourScheme::Contrast;
  return choice.apps_are_light.value_or(true) ? ColourScheme::Light : ColourScheme::Dark;
}

std::optional<WindowColours> window_colours(ColourScheme scheme) {
  switch (scheme) {
    case ColourScheme::Light: return kLight;
    case ColourScheme::Dark: return kDark;
    case ColourScheme::Contrast: break;
  }
  return std::nullopt;
}

}  // namespace holdfast
