#include "service/restore/older_source.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "common/path_text.h"
#include "common/text.h"
#include "service/archive/archive_error.h"
#include "service/archive/archive_name.h"
#include "service/archive/entry_name.h"
#include "service/archive/sqlite_sidecars.h"
#include "service/catalog/older_manifest.h"
#include "service/platform/time_zone.h"
#include "service/restore/older_files.h"
#include "service/restore/scratch_folder.h"
#include "service/restore/staged_database.h"
#include "service/restore/staged_sidecars.h"

namespace holdfast {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kMagic = "SQLite format 3\0"sv;
constexpr std::size_t kHeaderBytes = 18;  // up to the page size
constexpr std::array<std::string_view, 4> kDatabaseEnds{".db", ".sqlite", ".sqlite3", ".db3"};

// So that no sum of sizes that an archive only tells of wraps.
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 62U;

// Which files are written, and which of them is the database.
struct Plan {
  std::vector<std::size_t> files;
  std::string database;
  std::uint64_t bytes = 0;
};

bool is_named_like_database(std::string_view name) {
  const std::string folded = folded_name(name);
  return name.find('/') == std::string_view::npos &&
         std::ranges::any_of(kDatabaseEnds,
                             [&](std::string_view end) { return folded.ends_with(end); });
}

// That of the name, or the only one there is.
std::optional<std::string> database_in(const std::vector<OlderFiles::File>& files,
                                       const std::string& name) {
  std::vector<std::string> others;
  for (const OlderFiles::File& file : files) {
    if (folded_name(file.name) == folded_name(name)) return file.name;
    if (is_named_like_database(file.name)) others.push_back(file.name);
  }
  return others.size() == 1 ? std::optional(others.front()) : std::nullopt;
}

// Pages of a database's first bytes; nothing for what is none.
std::optional<std::uint32_t> page_size_of(const StoredFile& file) {
  std::array<char, kHeaderBytes> header{};
  const bool is_whole = file.read_at(0, std::as_writable_bytes(std::span(header))) == header.size();
  if (!is_whole || std::string_view(header.data(), kMagic.size()) != kMagic) return std::nullopt;
  const auto byte = [&](std::size_t place) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(header.at(place)));
  };
  const std::uint32_t size = byte(16) << 8 | byte(17);
  return size == 1 ? 65536 : size;
}

// Unpacked aside, and gone with this.
class OlderContent final : public SourceContent {
 public:
  OlderContent(Storage& storage, const RestoreSource& source, const std::filesystem::path& place,
               const std::stop_token& stop)
      : archive_(source.name()),
        scratch_(storage, place),
        manifest_(source.stage(storage, scratch_.path(), {}, {}, stop).manifest),
        database_(
            scratch_.path() / text_path(manifest_.database),
            [&stop] { return stop.stop_requested(); }, cancelled_archive("preview", archive_)) {}

  const Manifest& manifest() const override { return manifest_; }
  sqlite3* database() const override { return database_.connection(); }
  Error failure(int) const override {
    return damaged_archive(archive_, "it holds a database that cannot be read");
  }

  Counts counts(const std::map<std::string, std::string>& queries,
                const std::function<bool()>& must_end) const override {
    Counts counts;
    for (const auto& [name, sql] : queries) {
      try {
        counts[name] =
            run_count(database_.connection(), {.name = name, .sql = sql}, kCountLimit, must_end);
      } catch (const Error& error) {
        // It may be older than what is counted.
        if (error.code() != ErrorCode::CountFailed || must_end()) throw;
      }
    }
    return counts;
  }

 private:
  const std::string archive_;
  const ScratchFolder scratch_;
  const Manifest manifest_;
  const StagedDatabase database_;
};

class OlderSource final : public RestoreSource {
 public:
  OlderSource(Storage& storage, const RestoreSourceRequest& request, const OlderName& older)
      : name_(path_text(request.archive.filename())),
        scratch_(request.scratch),
        files_(open_older_files(storage, request.archive, older,
                                path_text(request.database.filename()))) {
    plan(path_text(request.database.filename()));
    about_.dataset = dataset_id_from(path_text(request.database.stem()));
    about_.created_at = first_instant(SystemTimeZone(), older.taken_at);
    about_.host = older.host;
    about_.reason = older.kind == ArchiveName::Kind::Safety ? "made before a restore" : "";
    about_.database = plan_.database;
  }

  const std::string& name() const override { return name_; }
  std::uint64_t bytes() const override { return plan_.bytes; }
  const Manifest& manifest() const override { return about_; }
  // What it was told to back up is not known.
  bool has_every_side_file() const override { return false; }

  StagedFiles stage(Storage& storage, const std::filesystem::path& folder,
                    const std::filesystem::path&, const ArchiveProgress& progress,
                    const std::stop_token& stop) const override {
    storage.create_folders(folder);
    check_room(storage, folder);
    Manifest staged = about_;
    std::uint64_t done = 0;
    const OnBytes on_bytes = [&](std::size_t bytes) {
      if (stop.stop_requested()) throw cancelled_archive("unpack", name_);
      done += bytes;
      if (progress) progress(done, 2 * plan_.bytes);
    };
    for (const std::size_t file : plan_.files) write(file, storage, folder, on_bytes);
    for (const std::size_t file : plan_.files) {
      const std::string& name = files_->files()[file].name;
      if (is_sidecar(name)) continue;
      const std::filesystem::path path = folder / text_path(name);
      if (page_size_of(*storage.open(path))) take_in_sidecars(storage, path, name_, name);
    }
    for (const std::size_t file : plan_.files) {
      const std::string& name = files_->files()[file].name;
      std::error_code unknown;
      // What a sidecar held is in its database now.
      if (std::filesystem::exists(folder / text_path(name), unknown)) {
        staged.entries.push_back(entry_of(name, storage, folder));
      }
    }
    return {.manifest = std::move(staged)};
  }

  // All that is staged is flushed, for whoever takes in what stands beside a database.
  void keep_database(Storage&, const std::filesystem::path&,
                     const std::stop_token&) const override {}

  std::unique_ptr<SourceContent> look_into(Storage& storage,
                                           const std::stop_token& stop) const override {
    std::error_code unknown;
    const std::filesystem::path place =
        scratch_.empty() ? std::filesystem::temp_directory_path(unknown) : scratch_;
    if (unknown) {
      throw Error(ErrorCode::NotFound,
                  fmt::format("Cannot unpack {} to look at it: there is no folder for temporary "
                              "files.",
                              one_line(name_)),
                  "Set the variable TMP to a folder.");
    }
    return std::make_unique<OlderContent>(storage, *this, place, stop);
  }

 private:
  // Not the manifest, which tells of the backup, and no -shm, which holds nothing.
  void plan(const std::string& database_name) {
    const auto database = database_in(files_->files(), database_name);
    if (!database) {
      throw invalid_archive(name_, fmt::format("it holds no database {}", one_line(database_name)));
    }
    plan_.database = *database;
    for (const OlderFiles::File& file : files_->files()) names_.insert(folded_name(file.name));
    for (std::size_t i = 0; i < files_->files().size(); ++i) {
      const OlderFiles::File& file = files_->files()[i];
      // SQLite takes an empty file for a sound database.
      if (file.name == plan_.database && file.size == 0) {
        throw damaged_archive(name_, fmt::format("{} in it is empty", one_line(file.name)));
      }
      if (is_older_manifest(file.name)) continue;
      if (is_sidecar(file.name) && folded_name(file.name).ends_with("-shm")) continue;
      plan_.files.push_back(i);
      if (file.size > kMostBytes - plan_.bytes) {
        throw invalid_archive(name_, "its files are larger than any disk");
      }
      plan_.bytes += file.size;
    }
  }

  // Of a file that is there, too.
  bool is_sidecar(const std::string& name) const {
    return names_.contains(database_of_sidecar(name));
  }

  void check_room(Storage& storage, const std::filesystem::path& folder) const {
    const std::uint64_t free = storage.free_bytes(folder);
    if (free >= plan_.bytes) return;
    throw Error(
        ErrorCode::DiskFull,
        fmt::format("Cannot unpack {} to {}: it needs {}, and {} are free.", one_line(name_),
                    path_text(folder), size_text(plan_.bytes), size_text(free)),
        "Free some space on that disk.");
  }

  void write(std::size_t file, Storage& storage, const std::filesystem::path& folder,
             const OnBytes& on_bytes) const {
    const std::string& name = files_->files()[file].name;
    const std::filesystem::path path = folder / text_path(name);
    storage.create_folders(path.parent_path());
    const std::string hash = files_->copy(file, *storage.create(path), on_bytes);
    if (file_hash(*storage.open(path), on_bytes) == hash) return;
    throw Error(ErrorCode::SystemCallFailed,
                fmt::format("Cannot unpack {} from {} to {}: it was not what was written when it "
                            "was read back.",
                            one_line(name), one_line(name_), path_text(folder)),
                "Check the disk, and try again.");
  }

  ManifestEntry entry_of(const std::string& name, Storage& storage,
                         const std::filesystem::path& folder) const {
    const std::unique_ptr<StoredFile> file = storage.open(folder / text_path(name));
    const auto page_size = page_size_of(*file);
    // What is to be the database is checked as one, whatever it is.
    const bool is_database = page_size || name == plan_.database;
    return {.kind = is_database ? ManifestEntry::Kind::Database : ManifestEntry::Kind::File,
            .name = name,
            .size = file->size(),
            .xxh3 = file_hash(*file, [](std::size_t) {}),
            .page_size = page_size.value_or(0)};
  }

  const std::string name_;
  const std::filesystem::path scratch_;
  const std::unique_ptr<OlderFiles> files_;
  std::set<std::string> names_;
  Plan plan_;
  Manifest about_;
};

}  // namespace

std::unique_ptr<RestoreSource> open_older_source(Storage& storage,
                                                 const RestoreSourceRequest& request,
                                                 const OlderName& name) {
  return std::make_unique<OlderSource>(storage, request, name);
}

}  // namespace holdfast
