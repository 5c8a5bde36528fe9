#pragma once

namespace holdfast {

// What stands behind the name of an exported archive until the copy is known to be good.
constexpr const char* kUnfinishedExportEnd = ".export-holdfast.tmp";

}  // namespace holdfast
