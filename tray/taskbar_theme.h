#pragma once

namespace holdfast {

enum class TaskbarTheme { Light, Dark };

// What the user has chosen for the taskbar, which is not always what programs look like.
TaskbarTheme taskbar_theme();

}  // namespace holdfast
