#include "service/backup/database_backup.h"

#include <utility>

#include "service/backup/integrity_check.h"
#include "service/backup/schema_hash.h"
#include "service/backup/sqlite_watch.h"

namespace holdfast {

DatabaseBackup::DatabaseBackup(const std::filesystem::path& database, std::string entry_name,
                               WritersWait writers_wait)
    : path_(database),
      entry_name_(std::move(entry_name)),
      writers_wait_(writers_wait),
      snapshot_(database, DatabaseSnapshot::Begin::Later),
      same_(snapshot_.again()) {}

void DatabaseBackup::write(ArchiveWriter& writer, const OnRead& on_read, const OnPage& on_page) {
  if (!snapshot_.blocks_writers()) {
    write_pages(writer, on_read, on_page);
  } else if (writers_wait_ == WritersWait::ForAComparison) {
    write_draft(writer, on_read, on_page);
  } else {
    write_under_lock(writer, on_read, on_page);
  }
}

bool DatabaseBackup::needs_correction() const {
  // The entry tells the page size as well, which is known before the draft is read.
  return content_ && (content_->entry().page_size != snapshot_.page_size() ||
                      (digests_ && !digests_->is_final()));
}

void DatabaseBackup::write_corrected(ArchiveWriter& other, const OnRead& on_read) {
  content_ = other.add(new_entry(), [&](const ArchiveWriter::Sink& sink) {
    digests_->correct(*content_, [&](std::span<const std::byte> block) {
      sink(block);
      on_read(block.size());
    });
  });
}

std::string DatabaseBackup::schema_hash() {
  if (!digests_) return snapshot_.schema_hash();
  return holdfast::schema_hash(path_, archived().handle());
}

Counts DatabaseBackup::counts(const std::map<std::string, std::string>& queries,
                              std::chrono::milliseconds limit, const std::stop_token& stop) {
  if (!digests_) return snapshot_.counts(queries, limit, stop);
  return run_counts(archived().handle(), queries, limit, [&stop] { return stop.stop_requested(); });
}

std::string DatabaseBackup::integrity_faults(const std::function<bool()>& must_end) {
  if (same_) return same_->integrity_faults(must_end);
  if (!digests_) return snapshot_.integrity_faults(must_end);
  const ArchiveDatabase database = archived();
  const SqliteWatch watch(database.handle(), must_end);
  return holdfast::integrity_faults(path_, database.handle());
}

NewEntry DatabaseBackup::new_entry() const {
  return {.name = entry_name_,
          .kind = ManifestEntry::Kind::Database,
          .expected_size = bytes(),
          .page_size = snapshot_.page_size()};
}

void DatabaseBackup::write_pages(ArchiveWriter& writer, const OnRead& on_read,
                                 const OnPage& on_page) {
  state_ = snapshot_.database_state();
  content_ = writer.add(new_entry(), [&](const ArchiveWriter::Sink& sink) {
    read_pages(on_page, [&](std::span<const std::byte> page) {
      sink(page);
      on_read(page.size());
    });
  });
}

void DatabaseBackup::write_draft(ArchiveWriter& writer, const OnRead& on_read,
                                 const OnPage& on_page) {
  digests_.emplace(bytes());
  content_ = writer.add(new_entry(), [&](const ArchiveWriter::Sink& sink) {
    snapshot_.preview([&](std::span<const std::byte> piece) {
      digests_->take(piece);
      sink(piece);
      on_read(piece.size());
    });
  });
  digests_->end_draft();
  snapshot_.begin();
  state_ = snapshot_.database_state();
  read_pages(on_page, [&](std::span<const std::byte> page) {
    digests_->compare(page);
    on_read(0);
  });
  digests_->end_comparison();
  snapshot_.end();
}

void DatabaseBackup::write_under_lock(ArchiveWriter& writer, const OnRead& on_read,
                                      const OnPage& on_page) {
  snapshot_.begin();
  state_ = snapshot_.database_state();
  digests_.emplace(bytes());
  content_ = writer.add(new_entry(), [&](const ArchiveWriter::Sink& sink) {
    read_pages(on_page, [&](std::span<const std::byte> page) {
      digests_->take(page);
      sink(page);
      on_read(page.size());
    });
    digests_->end_draft();
    snapshot_.end();
  });
}

void DatabaseBackup::read_pages(const OnPage& on_page,
                                const std::function<void(std::span<const std::byte> page)>& take) {
  std::uint32_t number = 0;
  snapshot_.read_pages([&](std::span<const std::byte> page) {
    if (on_page) on_page(++number, page);
    take(page);
  });
}

// Pages that are still in the file as they were archived are taken from there, which is much
// quicker than to inflate them.
ArchiveDatabase DatabaseBackup::archived() const {
  const auto read = [this](std::uint64_t place, std::size_t bytes) {
    return snapshot_.peek(place, bytes);
  };
  return ArchiveDatabase(*content_, [this, read](std::uint64_t place, std::span<std::byte> into) {
    return digests_->find(place, into, read);
  });
}

}  // namespace holdfast
