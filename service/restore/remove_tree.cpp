#include "service/restore/remove_tree.h"

#include <system_error>

namespace holdfast {

void remove_tree(Storage& storage, const std::filesystem::path& folder) {
  for (const StoredEntry& entry : storage.list(folder)) {
    const std::filesystem::path at = folder / entry.name;
    if (entry.kind == StoredEntry::Kind::Folder) remove_tree(storage, at);
    if (entry.kind == StoredEntry::Kind::File) storage.remove(at);
  }
  std::error_code is_not_empty;
  std::filesystem::remove(folder, is_not_empty);
}

}  // namespace holdfast
