#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace holdfast {

// Each tells what keeps a text from being what it should be, as the end of a sentence about it;
// nothing when it is good. All are about Windows, wherever this runs.

// An absolute path, or one that begins with a token.
enum class PathUse { File, Folder };
std::optional<std::string> path_fault(std::string_view path, PathUse use);

// A folder inside another: "Apps\\DocAssist\\Backups".
std::optional<std::string> inner_folder_fault(std::string_view folder);

// "chroma/**".
std::optional<std::string> include_fault(std::string_view pattern);

// "DocAssist.exe".
std::optional<std::string> program_fault(std::string_view name);

// Paths that are one to Windows give the same text: letters (of ASCII) small, '\' between folders,
// none at the end.
std::string folded_path(std::string_view path);

// What is wrong with keeping the archives of a dataset in `folder`: it must not be the database's
// own folder, and the include patterns must not take the archives in. Texts are compared, so ask
// again with tokens expanded.
std::optional<std::string> destination_fault(std::string_view dataset, std::string_view database,
                                             std::string_view folder,
                                             std::span<const std::string> include);

}  // namespace holdfast
