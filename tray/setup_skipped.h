#pragma once

#include "tray/wizard_view.h"

namespace holdfast {

// Whether this user wants to be left alone by the set-up; kept in the user's registry.
SetupSkipped setup_skipped();
// Failing is not worth a word to the user: the set-up opens once more.
void keep_setup_skipped();

}  // namespace holdfast
