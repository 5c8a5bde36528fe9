#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace holdfast {

// Texts of any length and origin made fit for one line of a menu, a tooltip, a list. Pure.

// The text on one line of at most `max_units` UTF-16 units; what is longer ends in "...".
std::string fitted(std::string_view text, std::size_t max_units);

std::string capitalized(std::string text);

// As menus, buttons and labels read it, where "&" marks the access key.
std::string with_plain_ampersands(std::string_view text);

// "1,204"; as in the texts of the service, whatever the locale.
std::string grouped(long long number);

}  // namespace holdfast
