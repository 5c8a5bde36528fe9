#pragma once

#include <windows.h>

#include <filesystem>

#include "common/unique_handle.h"

namespace holdfast {

// What path_limits() forbid is told by what is open: nobody can replace that any more. Without
// limits all of it is good.

// Whether the open file or folder is the one that the path names, through no link. A file that has
// further names is not, but for who is only to take this one away.
enum class FurtherNames { Refused, Ignored };
bool is_what_it_names(HANDLE opened, const std::filesystem::path& path, FurtherNames further);
// Throws Error(AccessDenied) when it is not.
void check_opened(HANDLE opened, const std::filesystem::path& path,
                  FurtherNames further = FurtherNames::Refused);

// The folder, checked. While it is open nobody renames or removes it, nor what it lies in. Throws
// Error: AccessDenied. No handle when it cannot be opened: GetLastError() tells why.
FileHandle open_folder(const std::filesystem::path& folder);

}  // namespace holdfast
