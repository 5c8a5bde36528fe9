#pragma once

#include <filesystem>

namespace holdfast {

// Whether a journal lies beside the database that whoever opens it next for writing plays back into
// it. What was just restored has none: then somebody was broken off, or has put it there.
bool has_hot_journal(const std::filesystem::path& database);

}  // namespace holdfast
