#pragma once

#include "tray/cloud_watch.h"

namespace holdfast {

// By the shell and by OneDrive's own word to it, as far as this Windows and this OneDrive have
// them: both are asked for at run time, and whatever fails tells nothing.
CloudEyes one_drive_eyes();

}  // namespace holdfast
