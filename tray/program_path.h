#pragma once

#include <filesystem>

namespace holdfast {

// Where this program's file is.
std::filesystem::path program_path();

}  // namespace holdfast
