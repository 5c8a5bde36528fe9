#include "service/archive/archive_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/path_text.h"
#include "common/text.h"
#include "service/archive/archive_error.h"
#include "service/archive/archive_limits.h"
#include "service/archive/small_entry.h"
#include "service/archive/zip_directory.h"

namespace holdfast {
namespace {

Manifest read_manifest_of(const StoredFile& file, std::string_view archive, ZipEntry& entry) {
  if (entry.name != kManifestName) {
    throw invalid_archive(archive,
                          "it does not end with a manifest, so Holdfast has not written it");
  }
  check_zip_entry(file, archive, entry);
  const std::string content =
      read_small_entry(file, archive, entry, kMaxManifestBytes, "its manifest");
  try {
    return read_manifest(content);
  } catch (const Error& error) {
    throw Error(error.code(), fmt::format("{}: {}", one_line(archive), error.what()),
                error.action());
  }
}

// The entries but the last, which is the manifest, are the manifest's.
void check_agreement(std::string_view archive, const std::vector<ZipEntry>& present,
                     const std::vector<ManifestEntry>& listed) {
  if (present.size() != listed.size() + 1) {
    throw invalid_archive(archive, "it has not the entries that its manifest lists");
  }
  for (std::size_t i = 0; i < listed.size(); ++i) {
    const bool same = present[i].name == listed[i].name && present[i].size == listed[i].size &&
                      present[i].compressed_size == listed[i].compressed_size &&
                      present[i].crc32 == listed[i].crc32;
    if (same) continue;
    throw invalid_archive(archive, fmt::format("the entry {} is not as its manifest lists it",
                                               one_line(present[i].name)));
  }
}

}  // namespace

ArchiveReader::ArchiveReader(Storage& storage, const std::filesystem::path& archive)
    : name_(path_text(archive.filename())), file_(storage.open(archive)), bytes_(file_->size()) {
  ZipDirectory directory = read_zip_directory(*file_, name_);
  // The manifest first: what a newer Holdfast has written is to be called that, whatever it is.
  manifest_ = read_manifest_of(*file_, name_, directory.entries.back());
  for (ZipEntry& entry : directory.entries) check_zip_entry(*file_, name_, entry);
  check_zip_layout(directory, name_);
  check_agreement(name_, directory.entries, manifest_.entries);
  content_places_.reserve(directory.entries.size());
  for (const ZipEntry& entry : directory.entries) content_places_.push_back(entry.content_place);
}

std::optional<std::size_t> ArchiveReader::find(std::string_view entry_name) const {
  const auto found =
      std::find_if(entries().begin(), entries().end(),
                   [entry_name](const ManifestEntry& entry) { return entry.name == entry_name; });
  if (found == entries().end()) return std::nullopt;
  return static_cast<std::size_t>(found - entries().begin());
}

EntryContent ArchiveReader::content(std::size_t entry) const {
  return {name_, *file_, content_places_.at(entry), entries().at(entry)};
}

}  // namespace holdfast
