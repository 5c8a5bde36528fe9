#include "service/archive/conflict_copy.h"

#include <algorithm>

namespace holdfast {
namespace {

constexpr std::string_view kExtension = ".zip";

}  // namespace

std::vector<ArchiveName> possible_originals(std::string_view file_name) {
  std::vector<ArchiveName> originals;
  if (!file_name.ends_with(kExtension)) return originals;
  std::string_view stem = file_name.substr(0, file_name.size() - kExtension.size());
  // A device has a name.
  if (stem.ends_with('-')) return originals;
  for (std::size_t dash = stem.rfind('-'); dash != std::string_view::npos; dash = stem.rfind('-')) {
    stem = stem.substr(0, dash);
    if (auto name = parse_archive_name(std::string(stem).append(kExtension))) {
      originals.push_back(std::move(*name));
    }
  }
  return originals;
}

std::optional<ArchiveName> conflict_original(std::string_view file_name,
                                             const CopyEvidence& evidence) {
  const std::vector<ArchiveName> originals = possible_originals(file_name);
  if (originals.empty()) return std::nullopt;
  const std::optional<ArchiveName> own = parse_archive_name(file_name);
  if (evidence.host) {
    const std::string host = archive_host(*evidence.host);
    if (own && own->host == host) return std::nullopt;
    const auto made = std::ranges::find(originals, host, &ArchiveName::host);
    if (made != originals.end()) return *made;
    if (own) return std::nullopt;
  }
  const auto beside = std::ranges::find_if(originals, [&](const ArchiveName& name) {
    return evidence.beside.contains(archive_file_name(name));
  });
  if (beside != originals.end()) return *beside;
  return own ? std::nullopt : std::optional(originals.front());
}

}  // namespace holdfast
