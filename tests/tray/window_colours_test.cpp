#include "tray/window_colours.h"

#include <algorithm>
#include <cmath>

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

double linear(std::uint8_t part) {
  const double share = part / 255.0;
  return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
}

double luminance(Colour colour) {
  return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue);
}

// As the guidelines for accessible pages count it: from 1 to 21.
double contrast(Colour one, Colour other) {
  const auto [dark, light] = std::minmax({luminance(one), luminance(other)});
  return (light + 0.05) / (dark + 0.05);
}

TEST_CASE("Windows are dark for who wants dark programs, and a contrast theme is left alone") {
  CHECK(colour_scheme({}) == ColourScheme::Light);
  CHECK(colour_scheme({.apps_are_light = true}) == ColourScheme::Light);
  CHECK(colour_scheme({.apps_are_light = false}) == ColourScheme::Dark);
  CHECK(colour_scheme({.apps_are_light = false, .has_contrast_theme = true}) ==
        ColourScheme::Contrast);
  CHECK(!window_colours(ColourScheme::Contrast));
}

TEST_CASE("Every text of the windows has a contrast of 4.5 to 1 at least, light and dark") {
  CHECK(contrast({0, 0, 0}, {255, 255, 255}) > 20.9);
  for (const ColourScheme scheme : {ColourScheme::Light, ColourScheme::Dark}) {
    const auto colours = window_colours(scheme);
    REQUIRE(colours);
    CHECK(contrast(colours->text, colours->background) >= 4.5);
    CHECK(contrast(colours->text, colours->field) >= 4.5);
    CHECK(contrast(colours->fault, colours->background) >= 4.5);
  }
}

}  // namespace
}  // namespace holdfast
