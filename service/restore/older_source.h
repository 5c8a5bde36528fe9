#pragma once

#include <memory>

#include "service/catalog/older_archives.h"
#include "service/restore/restore_source.h"

namespace holdfast {

// What an older system has backed up, whose name tells `name`. Throws as open_restore_source().
//
// It has no hashes: the files of a ZIP file are compared with its checksums, all others are read
// back and compared with what was read. What stands in a -wal or -journal belongs to its database.
std::unique_ptr<RestoreSource> open_older_source(Storage& storage,
                                                 const RestoreSourceRequest& request,
                                                 const OlderName& name);

}  // namespace holdfast
