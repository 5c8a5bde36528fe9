#pragma once

#include <windows.h>

#include <string>

#include "common/error.h"

namespace holdfast {

// Both return when they are answered; until then none of the tray's other windows can be used. What
// is told over a question is answered first.

// Asks before something that cannot be taken back. Cancel is the default: only who chooses
// `button` gets it. Whether it was chosen.
struct Question {
  std::string title;
  std::string headline;
  std::string text;
  std::string button;
};
bool is_confirmed(HWND asker, const Question& question);

// Tells a failure: what was wanted, why it was not done, and what to do.
void tell_failure(HWND asker, const std::string& headline, const Error& failure);

}  // namespace holdfast
