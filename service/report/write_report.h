#pragma once

#include <filesystem>
#include <string_view>

#include "service/platform/storage.h"

namespace holdfast {

// What may stand under the name of a new report and be replaced by it.
enum class Replaces { ReportsOnly, AnyFile };

// Writes the page to a file, in a folder that is made when it is missing. At every moment the name
// is what was there before or the whole page, and when this returns it was read back. Throws
// Error(AlreadyExists) when something is there that may not be replaced: a report made by Holdfast
// always may, what is no file never.
void write_report(Storage& storage, const std::filesystem::path& file, std::string_view page,
                  Replaces replaces);

}  // namespace holdfast
