#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "service/platform/storage.h"

namespace holdfast {

// A page that the restored database has otherwise than the one before: enough of them tell which
// of both a file holds.
struct WitnessPage {
  std::uint32_t number = 0;
  std::uint64_t before = 0;  // page_hash() of each
  std::uint64_t restored = 0;

  bool operator==(const WitnessPage&) const = default;
};

// How far a restore has come, as the next start must know it.
struct RestoreJournal {
  enum class Phase {
    Staging,   // nothing was touched yet: what was staged is thrown away
    Swapping,  // the database's transaction, or the last move, decides between old and new
    Done,      // everything is new; what is left is to tidy up
  };
  // How the database is replaced: by its own transaction, or as a file.
  enum class Way { Transaction, Files };

  Phase phase = Phase::Staging;
  Way way = Way::Transaction;
  std::vector<WitnessPage> witnesses;  // of a transaction
  std::vector<std::string> moved_out;  // relative to the database's folder, to the stage's "old"
  std::vector<std::string> moved_in;   // from the stage's "new", in this order
  std::string set_aside;               // where "old" is to stay when it is done; empty: nowhere

  bool operator==(const RestoreJournal&) const = default;
};

std::string journal_text(const RestoreJournal& journal);
// Throws Error(SystemCallFailed) for what is none.
RestoreJournal journal_from(std::string_view text);

// The folder beside a database in which a restore prepares what it then puts in place, and keeps
// what was there before. On the same volume, so that a rename is all that is left to do.
class RestoreStage {
 public:
  RestoreStage(Storage& storage, const std::filesystem::path& database);

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path fresh() const { return folder_ / "new"; }
  std::filesystem::path old() const { return folder_ / "old"; }

  // Throws Error(AccessDenied) when the folder, or what should be one in it, is a link: who may
  // write here could lead its files elsewhere.
  bool exists() const;
  // Makes the folder, for this restore alone. Throws Error(DatabaseBusy) while there is another.
  void begin();
  // Whether begin() was called, and finish() was not.
  bool is_begun() const { return lock_ != nullptr; }
  // Whether another restore, in this process or another, works with it now.
  bool is_in_use() const;
  // Nothing when none was written.
  std::optional<RestoreJournal> journal() const;
  // When it returns, the disk has it.
  void write(const RestoreJournal& journal);

  // Each does what is not done yet, so that it can be done again.
  void move_out(const RestoreJournal& journal);
  void move_in(const RestoreJournal& journal);
  // The way back: what came in goes out again, and what was there before comes back.
  void move_back(const RestoreJournal& journal);
  // Before one way or the other, where it was broken off: what somebody has made meanwhile in the
  // place of what is to go there, or beside it for SQLite to read, is kept aside.
  void clear_way_forward(const RestoreJournal& journal);
  void clear_way_back(const RestoreJournal& journal);
  // Where; empty as long as nothing had to be.
  const std::filesystem::path& kept_aside() const { return made_since_; }
  // Takes the stage away; what was there before is kept where the journal says so. What cannot be
  // removed now is removed by the next restore.
  void finish(const RestoreJournal& journal);

 private:
  void refuse_links() const;
  bool has_come_in(const std::string& name) const;
  bool was_made_since(const RestoreJournal& journal, const std::string& name) const;
  const std::filesystem::path& made_since();
  void move(const std::filesystem::path& from, const std::filesystem::path& to,
            const std::string& name);
  void flush_parents(const std::vector<std::string>& names);

  Storage& storage_;
  std::unique_ptr<StoredFile> lock_;  // open as long as this restore works with it
  std::filesystem::path home_;        // the database's folder
  std::string database_;              // its name
  std::filesystem::path folder_;
  std::filesystem::path made_since_;
};

}  // namespace holdfast
