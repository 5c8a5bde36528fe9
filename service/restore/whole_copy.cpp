#include "service/restore/whole_copy.h"

#include <utility>

namespace holdfast {

WholeCopy::WholeCopy(sqlite3* live, std::unique_ptr<StagedDatabase> staged,
                     std::vector<WitnessPage> witnesses, SqliteFailure failure)
    : staged_(std::move(staged)),
      witnesses_(std::move(witnesses)),
      failure_(std::move(failure)),
      copy_(::sqlite3_backup_init(live, "main", staged_->connection(), "main")) {
  if (!copy_) throw failure_(::sqlite3_extended_errcode(live));
  if (const int result = ::sqlite3_backup_step(copy_.get(), 0); result != SQLITE_OK) {
    copy_.reset();
    throw failure_(result);
  }
}

void WholeCopy::write() {
  const int most = ::sqlite3_backup_remaining(copy_.get()) - 1;
  if (most <= 0) return;
  const int result = ::sqlite3_backup_step(copy_.get(), most);
  if (result != SQLITE_OK) throw failure_(result);
}

void WholeCopy::commit() {
  int result = ::sqlite3_backup_step(copy_.get(), -1);
  const int finished = ::sqlite3_backup_finish(copy_.release());
  if (result == SQLITE_DONE) result = finished;
  if (result != SQLITE_OK) throw failure_(result);
}

}  // namespace holdfast
