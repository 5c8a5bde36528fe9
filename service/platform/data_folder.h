#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace holdfast {

// %ProgramData%\Holdfast, asked of the shell: the environment of a service may be wrong.
std::filesystem::path data_folder();

// Makes the folder, or puts its access rights right, so that only SYSTEM and administrators reach
// it. Anyone can make folders in ProgramData: one that somebody else owns, or that is a link, may
// hold planted files; it is moved aside, never used and never deleted. What is in a folder that is
// trusted keeps its own rights: secure each folder in it too.
//
// Returns a sentence about what was moved aside, if anything was. Throws Error.
std::optional<std::string> secure_folder(const std::filesystem::path& folder);

}  // namespace holdfast
