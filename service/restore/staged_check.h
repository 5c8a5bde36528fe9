#pragma once

#include <filesystem>
#include <functional>

#include "service/archive/manifest.h"
#include "service/restore/restore_preview.h"
#include "service/restore/staged_image.h"

namespace holdfast {

// Whether what was staged may take the place of what is there.

// Throws Error(ArchiveForeign) when it seems to be of another application than what is there, and
// Error(ArchiveDamaged) when it cannot be read.
void refuse_foreign(const StagedImage& image, const Manifest& manifest,
                    const RestoreTarget& target);

// Throws Error(ArchiveDamaged) when a database does not pass its check or does not count what it
// counted then, and Error(Cancelled) soon after `must_end` says so. Asks nothing of what is there.
// The main database is the image, all others are files in the folder.
void check_staged_files(const StagedImage& image, const std::filesystem::path& folder,
                        const Manifest& manifest, const RestoreTarget& target,
                        const std::function<bool()>& must_end);

}  // namespace holdfast
