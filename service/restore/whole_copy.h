#pragma once

#include <sqlite3.h>

#include <memory>
#include <vector>

#include "service/platform/sqlite_query.h"
#include "service/restore/content_copy.h"
#include "service/restore/staged_database.h"

namespace holdfast {

// Writes all pages, of whatever size, by SQLite's backup API.
class WholeCopy final : public ContentCopy {
 public:
  // Takes the lock. The witnesses are known beforehand: while it copies, the live connection can be
  // asked for nothing. Whatever fails is thrown as what `failure` makes of it.
  WholeCopy(sqlite3* live, std::unique_ptr<StagedDatabase> staged,
            std::vector<WitnessPage> witnesses, SqliteFailure failure);

  void write() override;
  const std::vector<WitnessPage>& witnesses() const override { return witnesses_; }
  void commit() override;

 private:
  struct FinishBackup {
    void operator()(sqlite3_backup* backup) const { ::sqlite3_backup_finish(backup); }
  };

  std::unique_ptr<StagedDatabase> staged_;
  std::vector<WitnessPage> witnesses_;
  SqliteFailure failure_;
  std::unique_ptr<sqlite3_backup, FinishBackup> copy_;
};

}  // namespace holdfast
