#pragma once

#include <filesystem>

namespace holdfast {

// %ProgramData%\Holdfast, asked of the shell: the environment of a service may be wrong.
std::filesystem::path data_folder();

// Makes the folder, or puts its access rights right, so that only SYSTEM and administrators reach
// it. Anyone can make folders in ProgramData: one that somebody else owns, or that is a link, may
// hold planted files; it is moved aside, never used and never deleted. Throws Error.
void secure_data_folder(const std::filesystem::path& folder);

}  // namespace holdfast
