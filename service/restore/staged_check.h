#pragma once

#include <filesystem>
#include <functional>

#include "service/archive/manifest.h"
#include "service/restore/restore_preview.h"

namespace holdfast {

// Whether what was staged may take the place of what is there.

// Throws Error(ArchiveForeign) when it seems to be of another application than what is there, and
// Error(ArchiveDamaged) when it cannot be read.
void refuse_foreign(const std::filesystem::path& staged_database, const Manifest& manifest,
                    const RestoreTarget& target);

// Throws Error(ArchiveDamaged) when a database does not pass its check or does not count what it
// counted then, and Error(Cancelled) soon after `must_end` says so. Asks nothing of what is there.
void check_staged_files(const std::filesystem::path& staged, const Manifest& manifest,
                        const RestoreTarget& target, const std::function<bool()>& must_end);

}  // namespace holdfast
