#pragma once

#include <filesystem>

namespace holdfast {

// Makes the kind of link that any user can make to a folder: on Windows a junction. False where the
// system makes none, as Wine does.
bool make_folder_link(const std::filesystem::path& target, const std::filesystem::path& link);

}  // namespace holdfast
