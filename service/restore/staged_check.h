#pragma once

#include <filesystem>
#include <stop_token>

#include "service/archive/manifest.h"
#include "service/restore/restore_run.h"

namespace holdfast {

// Whether what was staged may take the place of what is there. Throws Error: ArchiveDamaged when a
// database in it does not pass its check or does not count what it counted then; ArchiveForeign
// when it seems to be of another application.
void check_staged_files(const std::filesystem::path& staged, const Manifest& manifest,
                        const RestoreTarget& target, ForeignArchive foreign,
                        const std::stop_token& stop);

}  // namespace holdfast
