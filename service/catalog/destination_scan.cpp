#include "service/catalog/destination_scan.h"

#include <algorithm>
#include <optional>
#include <set>
#include <span>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "common/error.h"
#include "common/path_text.h"
#include "common/text.h"
#include "service/archive/conflict_copy.h"
#include "service/archive/entry_name.h"
#include "service/archive/list_archives.h"
#include "service/archive/older_zip.h"
#include "service/catalog/older_archives.h"
#include "service/catalog/older_manifest.h"

namespace holdfast {
namespace {

constexpr std::size_t kMaxTextBytes = 500;
constexpr std::size_t kMaxCounts = 100;
// A folder of an older system has far fewer levels; without a bound a hostile one has no end.
constexpr int kMaxLevels = 16;

// A manifest and the database beside it, which is what makes it an archive of the dataset.
struct OlderContent {
  bool has_database = false;
  std::string manifest;
};

// Nothing for a name that is no text: two halves of a character that do not belong together.
std::optional<std::string> name_text(const std::filesystem::path& name) {
  try {
    return path_text(name);
  } catch (const std::system_error&) {
    return std::nullopt;
  }
}

std::string whole_file(Storage& storage, const std::filesystem::path& path, std::size_t bytes) {
  std::string content(bytes, '\0');
  const auto file = storage.open(path);
  content.resize(file->read_at(0, std::as_writable_bytes(std::span(content))));
  return content;
}

void take_manifest(ArchiveRecord& record, const Manifest& manifest) {
  record.reason = one_line(manifest.reason, kMaxTextBytes);
  record.user = one_line(manifest.user, kMaxTextBytes);
  record.schema_hash = one_line(manifest.schema_hash, kMaxTextBytes);
  for (const auto& [name, count] : manifest.counts) {
    if (record.counts.size() == kMaxCounts) return;
    record.counts.emplace(one_line(name, kMaxTextBytes), count);
  }
}

class Scan {
 public:
  Scan(Storage& storage, const std::filesystem::path& folder, const ScannedDataset& dataset,
       const TimeZone& zone, const std::map<std::string, std::uint64_t>& known,
       const std::stop_token& stop)
      : storage_(storage),
        folder_(folder),
        dataset_(dataset),
        zone_(zone),
        known_(known),
        stop_(stop) {}

  std::vector<ArchiveRecord> run() {
    std::vector<ArchiveRecord> records;
    const std::vector<StoredEntry> entries = storage_.list(folder_);
    for (const StoredEntry& entry : entries) {
      if (const auto name = name_text(entry.name)) evidence_.beside.insert(*name);
    }
    for (const StoredEntry& entry : entries) {
      stop_if_asked();
      if (auto record = look_at(entry)) records.push_back(std::move(*record));
    }
    drop_vanished(records);
    return records;
  }

 private:
  std::optional<ArchiveRecord> look_at(const StoredEntry& entry) {
    const auto name = name_text(entry.name);
    if (!name) return std::nullopt;
    if (entry.kind == StoredEntry::Kind::File) {
      if (auto own = own_name(*name)) return own_archive(entry, std::move(*own));
    }
    const auto older = parse_older_name(*name, entry.kind, dataset_.database_name);
    return older ? older_archive(entry, *older) : std::nullopt;
  }

  // That of an archive, or of one that this may be a copy of.
  static std::optional<ArchiveName> own_name(const std::string& file_name) {
    if (auto own = parse_archive_name(file_name)) return own;
    std::vector<ArchiveName> originals = possible_originals(file_name);
    if (originals.empty()) return std::nullopt;
    return std::move(originals.front());
  }

  std::optional<ArchiveRecord> own_archive(const StoredEntry& entry, ArchiveName name) {
    if (name.dataset != dataset_.dataset) return std::nullopt;
    ArchiveRecord record = begin_record(entry, entry.size);
    if (is_known(record)) return record;
    const ListedArchive listed = list_archive(storage_, folder_, entry, name);
    evidence_.host.reset();
    if (listed.manifest) evidence_.host = listed.manifest->host;
    if (auto original = conflict_original(record.file_name, evidence_)) {
      name = std::move(*original);
      record.conflict_of = archive_file_name(name);
    }
    record.kind = name.kind;
    record.host = name.host;
    record.taken_at = name.taken_at;
    record.fault = listed.fault;
    if (listed.manifest) take_manifest(record, *listed.manifest);
    return record;
  }

  std::optional<ArchiveRecord> older_archive(const StoredEntry& entry, const OlderName& name) {
    ArchiveRecord record = begin_record(entry, entry.size);
    record.format = name.format;
    record.kind = name.kind;
    record.host = name.host;
    record.taken_at = first_instant(zone_, name.taken_at);
    try {
      if (name.format == ArchiveFormat::LegacyFolder) measure_folder(record);
      if (is_known(record)) {
        ArchiveRecord known = begin_record(entry, record.bytes);
        known.is_local = record.is_local;
        return known;
      }
      if (!is_of_dataset(record, name)) return std::nullopt;
    } catch (const Error& error) {
      if (error.code() == ErrorCode::Cancelled) throw;
      record.fault = error.what();
    }
    return record;
  }

  // Takes what the archive tells of itself. What cannot be looked into may be anybody's.
  bool is_of_dataset(ArchiveRecord& record, const OlderName& name) {
    if (name.is_encrypted) {
      record.fault = fmt::format(
          "The archive {} is encrypted, and only the application that made it can open it.",
          record.file_name);
      return true;
    }
    if (name.format == ArchiveFormat::RvuDatabase) {
      if (record.bytes == 0)
        record.fault = fmt::format("The archive {} is empty.", record.file_name);
      return true;
    }
    if (name.format == ArchiveFormat::LegacyZip && !record.is_local) return true;
    const std::filesystem::path path = folder_ / text_path(record.file_name);
    const OlderContent content =
        name.format == ArchiveFormat::LegacyZip ? inside_zip(path) : inside_folder(path);
    if (!content.has_database) return false;
    const OlderFacts facts = read_older_manifest(content.manifest, record.taken_at, zone_);
    record.taken_at = facts.taken_at.value_or(record.taken_at);
    record.counts = facts.counts;
    return true;
  }

  // As a restore reads it.
  OlderContent inside_zip(const std::filesystem::path& path) {
    const OlderZip zip(storage_, path);
    OlderContent content;
    for (std::size_t i = 0; i < zip.entries().size(); ++i) {
      const std::string& name = zip.entries()[i].name;
      content.has_database |= is_database(name);
      if (is_older_manifest(name)) content.manifest = manifest_in_zip(zip, i);
    }
    return content;
  }

  // What was changed still is an archive; it only tells less of itself.
  static std::string manifest_in_zip(const OlderZip& zip, std::size_t entry) {
    std::string manifest;
    if (zip.entries()[entry].size > kMaxOlderManifestBytes) return manifest;
    try {
      zip.read(entry, [&](std::span<const std::byte> piece) {
        manifest.append(reinterpret_cast<const char*>(piece.data()), piece.size());
      });
    } catch (const Error&) {
      return {};
    }
    return manifest;
  }

  OlderContent inside_folder(const std::filesystem::path& path) {
    OlderContent content;
    for (const StoredEntry& entry : storage_.list(path)) {
      const auto name = name_text(entry.name);
      if (!name || entry.kind != StoredEntry::Kind::File) continue;
      content.has_database |= is_database(*name);
      if (is_older_manifest(*name) && entry.is_local && entry.size <= kMaxOlderManifestBytes) {
        content.manifest =
            whole_file(storage_, path / entry.name, static_cast<std::size_t>(entry.size));
      }
    }
    return content;
  }

  void measure_folder(ArchiveRecord& record) {
    record.bytes = 0;
    add_folder(record, folder_ / text_path(record.file_name), 1);
  }

  void add_folder(ArchiveRecord& record, const std::filesystem::path& folder, int level) {
    stop_if_asked();
    for (const StoredEntry& entry : storage_.list(folder)) {
      const bool is_folder = entry.kind == StoredEntry::Kind::Folder;
      if (entry.kind == StoredEntry::Kind::File) {
        record.bytes += entry.size;
        record.is_local = record.is_local && entry.is_local;
      } else if (is_folder && level < kMaxLevels) {
        add_folder(record, folder / entry.name, level + 1);
      }
    }
  }

  // What somebody deleted meanwhile has no fault but that. When it is the folder that is gone, this
  // throws, and the archives in it are not taken for deleted.
  void drop_vanished(std::vector<ArchiveRecord>& records) {
    const auto has_fault = [](const ArchiveRecord& record) { return !record.fault.empty(); };
    if (std::none_of(records.begin(), records.end(), has_fault)) return;
    std::set<std::filesystem::path> names;
    for (StoredEntry& entry : storage_.list(folder_)) names.insert(std::move(entry.name));
    std::erase_if(records, [&](const ArchiveRecord& record) {
      return has_fault(record) && !names.contains(text_path(record.file_name));
    });
  }

  ArchiveRecord begin_record(const StoredEntry& entry, std::uint64_t bytes) const {
    return {.dataset = dataset_.dataset,
            .destination = path_text(folder_),
            .file_name = path_text(entry.name),
            .bytes = bytes,
            .is_local = entry.is_local};
  }

  bool is_known(const ArchiveRecord& record) const {
    const auto found = known_.find(record.file_name);
    return found != known_.end() && found->second == record.bytes;
  }

  bool is_database(std::string_view name) const {
    return !name.empty() && folded_name(name) == folded_name(dataset_.database_name);
  }

  void stop_if_asked() const {
    if (!stop_.stop_requested()) return;
    throw Error(ErrorCode::Cancelled,
                fmt::format("The search for archives in {} was cancelled.", path_text(folder_)),
                "Nothing was changed; start it again when it suits.");
  }

  Storage& storage_;
  const std::filesystem::path& folder_;
  const ScannedDataset& dataset_;
  const TimeZone& zone_;
  const std::map<std::string, std::uint64_t>& known_;
  const std::stop_token& stop_;
  CopyEvidence evidence_;  // its host is that of the archive that is looked at
};

}  // namespace

std::vector<ArchiveRecord> scan_destination(Storage& storage, const std::filesystem::path& folder,
                                            const ScannedDataset& dataset, const TimeZone& zone,
                                            const std::map<std::string, std::uint64_t>& known,
                                            const std::stop_token& stop) {
  return Scan(storage, folder, dataset, zone, known, stop).run();
}

}  // namespace holdfast
