#include "service/restore/restore_preview.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "common/error.h"
#include "common/path_text.h"
#include "service/archive/archive_error.h"
#include "service/archive/file_hash.h"
#include "service/backup/count_query.h"
#include "service/backup/live_database.h"
#include "service/backup/side_files.h"
#include "service/backup/sqlite_failure.h"

namespace holdfast {
namespace {

// So much is compared byte by byte; what is beyond may have changed.
constexpr std::uint64_t kMostComparedBytes = std::uint64_t{256} << 20;

using Kind = FileDifference::Kind;

class Preview {
 public:
  Preview(const RestoreSource& source, const RestoreTarget& target, Storage& storage,
          RowCounts rows, const std::stop_token& stop)
      : source_(source),
        content_(source.look_into(storage, stop)),
        target_(target),
        storage_(storage),
        rows_(rows),
        stop_(stop) {}

  RestorePreview make() {
    look_into_archive();
    CountsByName live_counts;
    try {
      live_counts = look_at_database();
    } catch (const Error& error) {
      if (error.code() == ErrorCode::Cancelled) throw;
      preview_.live.reset();
      preview_.live_fault = error.what();
    }
    const CountsByName archived_counts =
        content_->counts(target_.counts, [this] { return stop_.stop_requested(); });
    preview_.counts = count_differences(archived_counts, live_counts);
    if (preview_.live) {
      preview_.foreign = foreign_archive(preview_.archived, *preview_.live);
      preview_.tables = table_differences(preview_.archived, *preview_.live);
      preview_.rows = count_differences(archived_rows_, live_rows_);
    }
    compare_files();
    return std::move(preview_);
  }

 private:
  void look_into_archive() {
    const SqliteFailure failure = [this](int result) { return content_->failure(result); };
    preview_.archived = schema_outline(content_->database(), failure);
    if (rows_ == RowCounts::Yes) {
      archived_rows_ = rows_of(content_->database(), preview_.archived, failure);
    }
  }

  CountsByName look_at_database() {
    const LiveDatabase database(target_.database);
    const SqliteFailure failure = [&](int result) {
      return sqlite_failure(target_.database, result, database.connection());
    };
    database.begin();
    preview_.live = schema_outline(database.connection(), failure);
    CountsByName counts;
    for (const auto& [name, sql] : target_.counts) {
      try {
        counts[name] = run_count(database.connection(), {.name = name, .sql = sql}, kCountLimit,
                                 [this] { return stop_.stop_requested(); });
      } catch (const Error& error) {
        refuse_stop();
        preview_.live_fault = error.what();
      }
    }
    if (rows_ == RowCounts::Yes) {
      live_rows_ = rows_of(database.connection(), *preview_.live, failure);
    }
    database.check_still_rests();
    return counts;
  }

  // Of a table that only the application can open, none.
  CountsByName rows_of(sqlite3* connection, const SchemaOutline& outline,
                       const SqliteFailure& failure) const {
    CountsByName rows;
    for (const auto& [table, columns] : outline.tables) {
      refuse_stop();
      if (!columns.empty()) rows[table] = row_count(connection, table, failure);
    }
    return rows;
  }

  void compare_files() {
    std::map<std::string, SideFile> live;
    for (SideFile& file : side_files_here()) live.emplace(file.name, std::move(file));
    for (const ManifestEntry& entry : content_->manifest().entries) {
      if (entry.name == content_->manifest().database) continue;
      const auto here = live.extract(entry.name);
      if (here.empty()) {
        preview_.files.push_back({entry.name, Kind::ComesBack});
      } else if (const auto kind = difference(entry, here.mapped())) {
        preview_.files.push_back({entry.name, *kind});
      }
    }
    if (source_.has_every_side_file()) {
      for (const auto& [name, file] : live) preview_.files.push_back({name, Kind::GoesAway});
    }
    std::ranges::sort(preview_.files, {}, &FileDifference::name);
  }

  std::vector<SideFile> side_files_here() const {
    // What the archive has is replaced, whether a pattern names it or not.
    std::vector<std::string> include = target_.include;
    for (const ManifestEntry& entry : content_->manifest().entries) {
      const bool is_named = std::ranges::any_of(target_.include, [&](const std::string& pattern) {
        return matches_include(pattern, entry.name, target_.letter_case);
      });
      if (!is_named) include.push_back(entry.name);
    }
    try {
      return side_files(storage_, target_.database, include, target_.letter_case);
    } catch (const Error& error) {
      // A folder that is gone holds none.
      if (error.code() != ErrorCode::NotFound) throw;
      return {};
    }
  }

  std::optional<Kind> difference(const ManifestEntry& entry, const SideFile& here) {
    refuse_stop();
    // What is in a live database's -wal belongs to it, too.
    if (here.is_database) return Kind::MayChange;
    if (here.size != entry.size) return Kind::Changes;
    if (compared_bytes_ + here.size > kMostComparedBytes) return Kind::MayChange;
    compared_bytes_ += here.size;
    try {
      if (hash_of(target_.database.parent_path() / text_path(here.name)) != entry.xxh3) {
        return Kind::Changes;
      }
    } catch (const Error&) {
      return Kind::MayChange;
    }
    return std::nullopt;
  }

  std::string hash_of(const std::filesystem::path& path) const {
    const std::unique_ptr<StoredFile> file = storage_.open(path);
    return file_hash(*file, [](std::size_t) {});
  }

  void refuse_stop() const {
    if (stop_.stop_requested()) throw cancelled_archive("preview", source_.name());
  }

  const RestoreSource& source_;
  const std::unique_ptr<SourceContent> content_;
  const RestoreTarget& target_;
  Storage& storage_;
  const RowCounts rows_;
  const std::stop_token& stop_;
  RestorePreview preview_;
  CountsByName archived_rows_;
  CountsByName live_rows_;
  std::uint64_t compared_bytes_ = 0;
};

}  // namespace

RestorePreview restore_preview(const RestoreSource& source, const RestoreTarget& target,
                               Storage& storage, RowCounts rows, const std::stop_token& stop) {
  return Preview(source, target, storage, rows, stop).make();
}

}  // namespace holdfast
