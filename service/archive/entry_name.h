#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace holdfast {

// What keeps a name from being an entry's, as the end of a sentence about it ("leaves its folder").
// A good name is relative, made of '/' and parts that every Windows can make a file or a folder of.
std::optional<std::string_view> entry_name_fault(std::string_view name);

// Names that fold to the same text are one file on Windows. Letters outside ASCII stay as they are:
// two that only Windows takes for one are told apart here, and refused when the second is created.
std::string folded_name(std::string_view name);

// Folders of this beginning lie beside a database only while something is restored over it, or
// until that is brought to its end. What is in one decides over that database, and is in no
// archive.
constexpr std::string_view kStagePrefix = ".holdfast-restore-";
// Whether a part of the name begins like that.
bool is_in_stage(std::string_view name);

}  // namespace holdfast
