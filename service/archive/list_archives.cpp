#include "service/archive/list_archives.h"

#include <utility>

#include <fmt/format.h>

#include "common/error.h"
#include "common/path_text.h"
#include "common/text.h"
#include "service/archive/archive_reader.h"

namespace holdfast {
namespace {

void read_into(ListedArchive& listed, Storage& storage, const std::filesystem::path& folder) {
  try {
    const ArchiveReader archive(storage, folder / listed.file_name);
    if (archive.manifest().dataset == listed.name.dataset) {
      listed.manifest = archive.manifest();
    } else {
      listed.fault = fmt::format("The archive {} is of another dataset, {}.", archive.name(),
                                 one_line(archive.manifest().dataset));
    }
  } catch (const Error& error) {
    listed.fault = error.what();
  }
}

}  // namespace

ListedArchive list_archive(Storage& storage, const std::filesystem::path& folder,
                           const StoredEntry& entry, ArchiveName name) {
  ListedArchive listed{.file_name = entry.name, .name = std::move(name), .bytes = entry.size};
  if (entry.is_local) read_into(listed, storage, folder);
  return listed;
}

std::vector<ListedArchive> list_archives(Storage& storage, const std::filesystem::path& folder) {
  std::vector<ListedArchive> archives;
  for (const StoredEntry& entry : storage.list(folder)) {
    if (entry.kind == StoredEntry::Kind::Folder) continue;
    auto name = parse_archive_name(path_text(entry.name));
    if (!name) continue;
    archives.push_back(list_archive(storage, folder, entry, std::move(*name)));
  }
  return archives;
}

}  // namespace holdfast
