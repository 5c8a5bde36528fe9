#pragma once

#include <functional>
#include <string>

namespace holdfast {

// Has "holdfast report" write its page into the user's own folder, and shows that in the browser.
// Returns at once; `on_failure` is called on another thread, with the reason, when there is no
// page.
void show_report(std::function<void(const std::string& why)> on_failure);

}  // namespace holdfast
