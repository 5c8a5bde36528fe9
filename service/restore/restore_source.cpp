#include "service/restore/restore_source.h"

#include <cstddef>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "common/path_text.h"
#include "common/text.h"
#include "service/archive/archive_error.h"
#include "service/archive/archive_name.h"
#include "service/archive/archive_reader.h"
#include "service/archive/archive_vfs.h"
#include "service/archive/extract_archive.h"
#include "service/catalog/older_archives.h"
#include "service/restore/archived_image.h"
#include "service/restore/older_source.h"

namespace holdfast {
namespace {

class ArchiveContent final : public SourceContent {
 public:
  explicit ArchiveContent(const ArchiveReader& archive)
      : archive_(archive),
        database_(archive.content(archive.find(archive.manifest().database).value())) {}

  const Manifest& manifest() const override { return archive_.manifest(); }
  sqlite3* database() const override { return database_.handle(); }
  Error failure(int) const override {
    if (const auto& reason = database_.read_failure()) return *reason;
    return damaged_archive(archive_.name(), "holds a database that cannot be read");
  }
  Counts counts(const std::map<std::string, std::string>&,
                const std::function<bool()>&) const override {
    return archive_.manifest().counts;
  }

 private:
  const ArchiveReader& archive_;
  const ArchiveDatabase database_;
};

class ArchiveSource final : public RestoreSource {
 public:
  ArchiveSource(Storage& storage, const RestoreSourceRequest& request)
      : archive_(storage, request.archive),
        database_(archive_.find(archive_.manifest().database).value()),
        live_(request.database) {}

  const std::string& name() const override { return archive_.name(); }
  std::uint64_t bytes() const override { return archive_.bytes(); }
  const Manifest& manifest() const override { return archive_.manifest(); }
  bool has_every_side_file() const override { return true; }

  StagedFiles stage(Storage& storage, const std::filesystem::path& folder,
                    const std::filesystem::path& image, const ArchiveProgress& progress,
                    const std::stop_token& stop) const override {
    auto archived =
        std::make_unique<ArchivedImage>(archive_.content(database_), live_, storage, image);
    extract_archive(
        archive_, storage, folder, progress, stop,
        {.name = archive_.manifest().database,
         .take = [&archived](std::span<const std::byte> block) { archived->take(block); }});
    return {.manifest = archive_.manifest(), .image = std::move(archived)};
  }

  void keep_database(Storage& storage, const std::filesystem::path& staged,
                     const std::stop_token& stop) const override {
    extract_entry(archive_, database_, storage, staged, {}, stop);
  }

  std::unique_ptr<SourceContent> look_into(Storage&, const std::stop_token&) const override {
    return std::make_unique<ArchiveContent>(archive_);
  }

 private:
  const ArchiveReader archive_;
  const std::size_t database_;
  const std::filesystem::path live_;
};

// A copy of a database may be restored under another name than it had: then it is its own.
std::optional<OlderName> older_name(const std::string& name, StoredEntry::Kind kind,
                                    const std::string& database_name) {
  if (auto older = parse_older_name(name, kind, database_name)) return older;
  for (std::size_t end = name.find('_'); end != std::string::npos; end = name.find('_', end + 1)) {
    if (auto older = parse_older_name(name, kind, name.substr(0, end) + ".db")) return older;
  }
  return std::nullopt;
}

}  // namespace

std::unique_ptr<RestoreSource> open_restore_source(Storage& storage,
                                                   const RestoreSourceRequest& request) {
  RestoreSourceRequest named = request;
  // "folder/" is the folder.
  if (!named.archive.has_filename()) named.archive = named.archive.parent_path();
  const std::string name = path_text(named.archive.filename());
  std::error_code unknown;
  const bool is_folder = std::filesystem::is_directory(named.archive, unknown);
  const auto kind = is_folder ? StoredEntry::Kind::Folder : StoredEntry::Kind::File;
  if (const auto older = older_name(name, kind, path_text(named.database.filename()))) {
    return open_older_source(storage, named, *older);
  }
  if (is_folder) {
    throw invalid_archive(name, "it is a folder, and has not the name of an older system's backup");
  }
  return std::make_unique<ArchiveSource>(storage, named);
}

}  // namespace holdfast
