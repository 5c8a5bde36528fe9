#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "service/archive/archive_vfs.h"
#include "service/archive/archive_writer.h"
#include "service/backup/count_query.h"
#include "service/backup/database_draft.h"
#include "service/backup/database_snapshot.h"

namespace holdfast {

// One database on its way into an archive: as it was in one moment, with what can be asked of that
// state. Writers are held up in rollback mode only, and there only while the pages are read: what
// is asked afterwards is asked of the archived pages.
//
// In this order: the constructor, write(), write_corrected() if needed, and the questions.
// integrity_faults() may run on another thread; when can_be_checked_meanwhile(), from the
// beginning. The archive's file and writer must outlive the questions.
class DatabaseBackup {
 public:
  // How long writers wait in rollback mode. ForAComparison: until the pages were compared with a
  // draft, which was archived while anybody could change them. UntilArchived: until all is
  // deflated.
  enum class WritersWait { ForAComparison, UntilArchived };
  using OnRead = std::function<void(std::uint64_t bytes)>;
  using OnPage = std::function<void(std::uint32_t number, std::span<const std::byte> page)>;

  // Throws what DatabaseSnapshot throws.
  DatabaseBackup(const std::filesystem::path& database, std::string entry_name,
                 WritersWait writers_wait);

  // The size, until write() an estimate.
  std::uint64_t bytes() const { return snapshot_.page_count() * snapshot_.page_size(); }
  bool can_be_checked_meanwhile() const { return same_ != nullptr; }

  // Adds the entry, and hands each page of it in order to `on_page`, which may be empty. Stops with
  // what these throw; also throws Error(SourceChanged) when too little of a draft was left.
  void write(ArchiveWriter& writer, const OnRead& on_read, const OnPage& on_page = {});
  // Whether the entry is a draft that has changed: then only write_corrected(), into another
  // archive, makes the true one.
  bool needs_correction() const;
  void write_corrected(ArchiveWriter& other, const OnRead& on_read);

  // What tells the archived state from others; nothing when it cannot be told.
  const std::optional<DatabaseState>& state() const { return state_; }
  std::string schema_hash();
  Counts counts(const std::map<std::string, std::string>& queries, std::chrono::milliseconds limit,
                const std::stop_token& stop);
  // Empty when all is well. Throws soon after `must_end` says so.
  std::string integrity_faults(const std::function<bool()>& must_end);

 private:
  NewEntry new_entry() const;
  void write_pages(ArchiveWriter& writer, const OnRead& on_read, const OnPage& on_page);
  void write_draft(ArchiveWriter& writer, const OnRead& on_read, const OnPage& on_page);
  void write_under_lock(ArchiveWriter& writer, const OnRead& on_read, const OnPage& on_page);
  void read_pages(const OnPage& on_page,
                  const std::function<void(std::span<const std::byte> page)>& take);
  ArchiveDatabase archived() const;

  const std::filesystem::path path_;
  const std::string entry_name_;
  const WritersWait writers_wait_;
  DatabaseSnapshot snapshot_;
  std::unique_ptr<DatabaseSnapshot> same_;  // to be checked while the other is read
  std::optional<DatabaseDraft> digests_;    // in rollback mode, of the pages
  std::optional<EntryContent> content_;
  std::optional<DatabaseState> state_;
};

}  // namespace holdfast
