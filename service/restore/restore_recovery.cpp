#include "service/restore/restore_recovery.h"

#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "common/error.h"
#include "common/path_text.h"
#include "service/platform/is_there.h"
#include "service/restore/live_transaction.h"
#include "service/restore/restore_stage.h"

namespace holdfast {
namespace {

using Phase = RestoreJournal::Phase;
using Way = RestoreJournal::Way;

// A transaction was either committed or not. Files were staged and checked: the rest follows.
bool is_restored(const RestoreJournal& journal, const std::filesystem::path& database) {
  return journal.phase == Phase::Done || journal.way == Way::Files ||
         LiveTransaction::holds(database, journal.witnesses) == LiveTransaction::Holds::Restored;
}

Recovery go_on(RestoreStage& stage, RestoreJournal journal) {
  if (journal.phase == Phase::Swapping) {
    stage.clear_way_forward(journal);
    stage.move_out(journal);
    stage.move_in(journal);
    journal.phase = Phase::Done;
    stage.write(journal);
  }
  stage.finish(journal);
  return Recovery::Finished;
}

Recovery go_back(RestoreStage& stage, const RestoreJournal& journal) {
  stage.clear_way_back(journal);
  stage.move_back(journal);
  // From here on a second look finds nothing to do.
  stage.write({});
  stage.finish({});
  return Recovery::RolledBack;
}

}  // namespace

Recovery recover_restore(Storage& storage, const std::filesystem::path& database,
                         const OnKeptAside& on_kept_aside) {
  RestoreStage stage(storage, database);
  if (!stage.exists()) return Recovery::Nothing;
  if (stage.is_in_use()) {
    throw Error(ErrorCode::DatabaseBusy,
                "Cannot restore over " + path_text(database) + ": another restore is under way.",
                "Wait until it has ended; nothing was changed.");
  }
  const auto written = stage.journal();
  if (!written) {
    // It had not begun, or had come to its end but for this. What was there before goes first then.
    if (is_there(stage.old())) {
      throw Error(ErrorCode::SystemCallFailed,
                  fmt::format("The record of a restore over {} that was broken off is gone.",
                              path_text(database)),
                  fmt::format("Keep {}, and ask for help: nothing in it was deleted.",
                              path_text(stage.folder())));
    }
    stage.finish({});
    return Recovery::Nothing;
  }
  if (written->phase == Phase::Staging) {
    stage.finish({});
    return Recovery::RolledBack;
  }
  const Recovery recovery =
      is_restored(*written, database) ? go_on(stage, *written) : go_back(stage, *written);
  if (on_kept_aside && !stage.kept_aside().empty()) on_kept_aside(stage.kept_aside());
  return recovery;
}

}  // namespace holdfast
