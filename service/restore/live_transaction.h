#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "service/restore/page_difference.h"
#include "service/restore/restore_stage.h"
#include "service/restore/staged_image.h"

namespace holdfast {

// Puts a staged database in the place of what a live one holds, in one transaction of SQLite: other
// programs may have it open, and see all of it or nothing. Nothing is changed before commit().
//
// One thread at a time.
class LiveTransaction {
 public:
  // Throws Error: NotFound, NotADatabase, DatabaseEmpty, DatabaseDamaged for what cannot be
  // replaced in this way; DatabaseBusy, AccessDenied.
  explicit LiveTransaction(const std::filesystem::path& database);
  LiveTransaction(const LiveTransaction&) = delete;
  LiveTransaction& operator=(const LiveTransaction&) = delete;
  ~LiveTransaction();

  // Whether it can take the content of the staged database at all. SQLite cannot change the page
  // size in WAL mode, and programs that have it open cannot read another encoding of text.
  bool can_take(const StagedImage& staged) const;

  // From now on is_unchanged() tells whether anybody changed it.
  void watch();
  // Locks writers out, and in rollback mode everybody. Throws Error(DatabaseBusy). `known` may tell
  // which pages differ, if nobody has changed any since; until commit() both must be there.
  void lock(const StagedImage& staged, const PageDifference* known = nullptr);
  // Whether it is still as it was when it was watched. While it is locked, that stays so.
  bool is_unchanged() const;
  // All but what makes it visible. Returns some of the pages that differ, or all.
  std::vector<WitnessPage> write();
  // When it returns, the disk has it. After it threw, holds() tells what the disk has.
  void commit();
  // Lets go of the lock; nothing was changed.
  void abandon();

  // Which of both databases the file holds after a crash, by the pages in which they differ.
  enum class Holds { Before, Restored };
  static Holds holds(const std::filesystem::path& database,
                     const std::vector<WitnessPage>& witnesses);

  enum class Outcome { AsStaged, ChangedSince, Broken };
  // What the database holds now, after commit().
  Outcome outcome(const StagedImage& staged) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace holdfast
