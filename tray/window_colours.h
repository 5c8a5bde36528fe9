#pragma once

#include <cstdint>
#include <optional>

namespace holdfast {

// Which colours a window has. Pure: what the user has chosen comes in, no windows.

struct Colour {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;

  bool operator==(const Colour&) const = default;
};

enum class ColourScheme { Light, Dark, Contrast };

// What Windows keeps of the user's choice.
struct ColourChoice {
  std::optional<bool> apps_are_light;  // nothing before Windows 10 1607: they are light
  bool has_contrast_theme = false;     // whose colours are the user's own, and stay
};
ColourScheme colour_scheme(const ColourChoice& choice);

struct WindowColours {
  Colour background;  // of the window
  Colour field;       // of lists, and of what is typed into
  Colour text;        // on both
  Colour fault;       // of a sentence about what is wrong, on the window
};
// Those of Light are what Windows has anyway. A contrast theme has none.
std::optional<WindowColours> window_colours(ColourScheme scheme);

}  // namespace holdfast
