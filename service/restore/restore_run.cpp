#include "service/restore/restore_run.h"

#include <algorithm>
#include <future>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "common/error.h"
#include "common/path_text.h"
#include "service/archive/archive_reader.h"
#include "service/archive/extract_archive.h"
#include "service/backup/integrity_check.h"
#include "service/backup/live_database.h"
#include "service/platform/file_holders.h"
#include "service/platform/user_rights.h"
#include "service/platform/work_priority.h"
#include "service/restore/hot_journal.h"
#include "service/restore/live_transaction.h"
#include "service/restore/move_plan.h"
#include "service/restore/page_difference.h"
#include "service/restore/restore_obstacles.h"
#include "service/restore/restore_recovery.h"
#include "service/restore/restore_source.h"
#include "service/restore/restore_stage.h"
#include "service/restore/safety_archive.h"
#include "service/restore/staged_check.h"
#include "service/restore/staged_image.h"

namespace holdfast {
namespace {

using Phase = RestoreJournal::Phase;
using Way = RestoreJournal::Way;

// An application that writes all the time leaves no moment at which what it wrote is archived.
constexpr int kMostAttempts = 3;

class Restore {
 public:
  Restore(const RestoreRequest& request, Storage& storage, const Clock& clock,
          const OnRestoreProgress& on_progress, const std::stop_token& stop)
      : request_(request),
        storage_(storage),
        clock_(clock),
        on_progress_(on_progress),
        stop_(stop),
        stage_(storage, request.target.database),
        safety_(request.safety, storage, clock) {}

  RestoreResult run() {
    refuse_what_is_no_file(database());
    recover_restore(storage_, database(),
                    [this](const std::filesystem::path& folder) { result_.made_since = folder; });
    const std::unique_ptr<RestoreSource> source = open_restore_source(
        storage_, {.archive = request_.archive, .database = request_.target.database});
    if (!source->has_every_side_file()) request_.target.include.clear();
    try {
      stage(*source);
      if (request_.foreign == ForeignArchive::Refused) {
        refuse_foreign(*image_, manifest_, request_.target);
      }
      check_in_background();
      for (int attempt = 1; !replace(*source); ++attempt) {
        if (attempt == kMostAttempts) throw in_use(database(), "it is written to all the time");
      }
    } catch (...) {
      give_up();
      throw;
    }
    result_.manifest = manifest_;
    result_.safety_archive = safety_.path();
    result_.saved = safety_.made();
    return result_;
  }

 private:
  const std::filesystem::path& database() const { return request_.target.database; }
  std::filesystem::path staged_database() const { return stage_.fresh() / database().filename(); }
  std::filesystem::path kept_parts() const { return stage_.folder() / "image.parts"; }

  // Every byte is compared on the way with what was backed up.
  void stage(const RestoreSource& source) {
    tell(RestorePhase::Staging, 0, 0);
    stage_.begin();
    stage_.write(journal_);
    StagedFiles staged = source.stage(
        storage_, stage_.fresh(), kept_parts(),
        [this](std::uint64_t done, std::uint64_t total) {
          tell(RestorePhase::Staging, done, total);
        },
        stop_);
    manifest_ = std::move(staged.manifest);
    image_ = std::move(staged.image);
    if (image_) return;
    const std::filesystem::path main = stage_.fresh() / text_path(manifest_.database);
    if (main != staged_database()) storage_.rename(main, staged_database());
    image_ = std::make_unique<ImageFile>(storage_, staged_database());
  }

  // False when somebody wrote to the database in between: then all of it is to be done again.
  bool replace(const RestoreSource& source) {
    std::unique_ptr<LiveTransaction> live = open_live();
    if (live) live->watch();
    const MovePlan moves = side_file_moves(storage_, request_.target, manifest_);
    const bool is_saved = save_what_is_there(live != nullptr);
    stop_if_asked();
    if (side_file_moves(storage_, request_.target, manifest_) != moves) return false;
    journal_ = {.moved_out = moves.out_names(), .moved_in = moves.in};
    if (live && is_saved) return replace_by_transaction(std::move(live));
    live.reset();
    replace_files(source);
    return true;
  }

  // Nothing where the file has to be replaced.
  std::unique_ptr<LiveTransaction> open_live() const {
    try {
      auto live = std::make_unique<LiveTransaction>(database());
      if (live->can_take(*image_)) return live;
    } catch (const Error& error) {
      if (error.code() == ErrorCode::DatabaseBusy) throw in_use(database(), error.what());
      if (!must_be_set_aside(error.code())) throw;
    }
    return nullptr;
  }

  // Reads only what was staged, and so may take its time beside what is done here.
  void check_in_background() {
    tell(RestorePhase::Checking, 0, 0);
    check_ =
        std::async(std::launch::async, [this, priority = thread_priority(), user = acting_as()] {
          const ActingAs acting(user);
          set_thread_priority(priority);
          check_staged_files(*image_, stage_.fresh(), manifest_, request_.target, [this] {
            return stop_.stop_requested() || abandon_.stop_requested();
          });
        });
  }

  // Whether there is an archive of it now. What is damaged, or is no database, cannot be archived.
  bool save_what_is_there(bool can_be_read) {
    tell(RestorePhase::Saving, 0, 0);
    const auto on_progress = [this](const BackupProgress& progress) {
      // The last step before it is published: what is refused leaves no safety archive behind.
      if (progress.phase == BackupPhase::Checking) check_.get();
      tell(RestorePhase::Saving, progress.done_bytes, progress.total_bytes);
    };
    try {
      safety_.make(manifest_, difference_.emplace(*image_), on_progress, stop_);
      check_.get();
    } catch (const Error& error) {
      // What is refused is refused, whatever is wrong with what is there.
      check_.get();
      const bool is_damaged = error.code() == ErrorCode::DatabaseDamaged;
      if (!is_damaged && (can_be_read || !must_be_set_aside(error.code()))) throw;
      return false;
    }
    return true;
  }

  bool replace_by_transaction(std::unique_ptr<LiveTransaction> live) {
    journal_.way = Way::Transaction;
    const auto is_safe = [this](const std::string& name) { return safety_.has(name); };
    if (!std::ranges::all_of(journal_.moved_out, is_safe)) {
      journal_.set_aside = free_name_aside(database(), clock_.now());
    }
    lock(*live);
    if (!live->is_unchanged()) {
      live->abandon();
      return false;
    }
    tell(RestorePhase::Restoring, 0, 0);
    journal_.witnesses = live->write();
    try {
      swap();
    } catch (...) {
      live->abandon();
      take_back();
      throw;
    }
    commit(live);
    end_swap();
    confirm(*live);
    finish();
    return true;
  }

  void lock(LiveTransaction& live) const {
    try {
      live.lock(*image_, &*difference_);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::DatabaseBusy) throw;
      throw in_use(database(), "another program has locked it");
    }
  }

  // A disk that failed may have kept it all the same: who opens the database anew learns what it
  // has.
  void commit(std::unique_ptr<LiveTransaction>& live) {
    try {
      live->commit();
    } catch (const Error& error) {
      live.reset();
      if (!is_restored_all_the_same(error)) {
        take_back();
        throw;
      }
      live = std::make_unique<LiveTransaction>(database());
    }
  }

  bool is_restored_all_the_same(const Error& failure) const {
    try {
      return LiveTransaction::holds(database(), journal_.witnesses) ==
             LiveTransaction::Holds::Restored;
    } catch (const Error&) {
      // The journal lets whoever comes next ask again.
      throw Error(failure.code(), failure.what(),
                  "Check the disk, and restore again: this restore is then brought to its end "
                  "first.");
    }
  }

  // What was there is kept: nobody can tell whether it was archived to its last byte.
  void replace_files(const RestoreSource& source) {
    // It was to be read once, and is to stay now.
    close_image();
    source.keep_database(storage_, staged_database(), stop_);
    journal_.way = Way::Files;
    journal_.witnesses.clear();
    for (std::string& file : database_files(database())) {
      journal_.moved_out.push_back(std::move(file));
    }
    // The last one: what has it is restored.
    journal_.moved_in.push_back(path_text(database().filename()));
    if (!journal_.moved_out.empty()) journal_.set_aside = free_name_aside(database(), clock_.now());
    if (const auto holders = file_holders({database()}); !holders.empty()) {
      throw in_use(database(), "another program has it open");
    }
    tell(RestorePhase::Restoring, 0, 0);
    try {
      swap();
      confirm_file();
    } catch (...) {
      take_back();
      throw;
    }
    end_swap();
    finish();
  }

  void swap() {
    journal_.phase = Phase::Swapping;
    stage_.write(journal_);
    stage_.move_out(journal_);
    stage_.move_in(journal_);
  }

  // What is restored is restored, whether this can be written or not: the next start would find out
  // from the database itself.
  void end_swap() noexcept {
    try {
      journal_.phase = Phase::Done;
      stage_.write(journal_);
    } catch (const std::exception&) {
      return;
    }
  }

  bool is_damaged_here() const {
    if (has_hot_journal(database())) return true;
    try {
      const LiveDatabase restored(database());
      restored.begin();
      return !integrity_faults(database(), restored.connection()).empty();
    } catch (const Error& error) {
      // Whoever has it by now has read it.
      if (error.code() == ErrorCode::DatabaseBusy) return false;
      throw;
    }
  }

  // When this fails, too, the journal lets the next start do it.
  void take_back() {
    stage_.move_back(journal_);
    journal_.phase = Phase::Staging;
    stage_.write(journal_);
  }

  void confirm(const LiveTransaction& live) {
    tell(RestorePhase::Confirming, 0, 0);
    if (is_as_restored(live)) return;
    const std::string found =
        fmt::format("{} was not what was restored when it was read back", path_text(database()));
    try {
      put_back();
    } catch (const Error& error) {
      throw Error(ErrorCode::RestoreFailed,
                  fmt::format("{}, and what was there before could not be put back: {}", found,
                              error.what()),
                  fmt::format("Check the disk, and restore {}.", path_text(safety_.path())));
    }
    throw Error(ErrorCode::RestoreFailed, found + "; what was there before was put back.",
                "Check the disk.");
  }

  // Whoever wrote to it since has read it before.
  bool is_as_restored(const LiveTransaction& live) const {
    try {
      return live.outcome(*image_) != LiveTransaction::Outcome::Broken;
    } catch (const Error& error) {
      return error.code() == ErrorCode::DatabaseBusy && !has_hot_journal(database());
    }
  }

  void confirm_file() const {
    tell(RestorePhase::Confirming, 0, 0);
    if (!is_damaged_here()) return;
    throw Error(ErrorCode::RestoreFailed,
                fmt::format("{} was damaged when it was read back; what was there before was put "
                            "back.",
                            path_text(database())),
                "Check the disk.");
  }

  // From the safety archive, as it was just read back.
  void put_back() {
    // From here on the database decides again, should this be broken off.
    journal_.phase = Phase::Swapping;
    stage_.write(journal_);
    const ArchiveReader before(storage_, safety_.path());
    const std::filesystem::path image = stage_.folder() / "before.db";
    extract_entry(before, before.find(before.manifest().database).value(), storage_, image);
    const ImageFile staged(storage_, image);
    LiveTransaction live(database());
    live.lock(staged);
    live.write();
    live.commit();
    take_back();
  }

  void finish() {
    close_image();
    if (!journal_.set_aside.empty()) {
      result_.set_aside = database().parent_path() / text_path(journal_.set_aside);
    }
    try {
      stage_.finish(journal_);
    } catch (const Error&) {
      // It was to go to another place; the next restore tries that again.
      result_.set_aside = stage_.old();
    }
    journal_ = {};
  }

  // Leaves nothing behind, as long as nothing was swapped.
  void give_up() noexcept {
    abandon_.request_stop();
    if (check_.valid()) check_.wait();
    close_image();
    try {
      if (journal_.phase == Phase::Staging && stage_.is_begun()) stage_.finish({});
    } catch (const std::exception&) {  // the next attempt, or start, tidies up
    }
  }

  // A file that is open cannot be taken away.
  void close_image() noexcept {
    difference_.reset();
    image_.reset();
  }

  void tell(RestorePhase phase, std::uint64_t done, std::uint64_t total) const {
    if (on_progress_) on_progress_({phase, done, total});
  }

  void stop_if_asked() const {
    if (!stop_.stop_requested()) return;
    throw Error(ErrorCode::Cancelled, "The restore was cancelled.", "Nothing was changed.");
  }

  RestoreRequest request_;
  Storage& storage_;
  const Clock& clock_;
  const OnRestoreProgress& on_progress_;
  const std::stop_token& stop_;
  RestoreStage stage_;
  RestoreJournal journal_;
  Manifest manifest_;
  std::unique_ptr<StagedImage> image_;        // of the main database
  std::optional<PageDifference> difference_;  // of what was archived from the image
  SafetyArchive safety_;                      // of what was there before
  std::stop_source abandon_;
  std::shared_future<void> check_;  // of what was staged
  RestoreResult result_;
};

}  // namespace

std::string_view name(RestorePhase phase) {
  switch (phase) {
    case RestorePhase::Staging: return "unpacking";
    case RestorePhase::Checking: return "checking";
    case RestorePhase::Saving: return "saving what is there";
    case RestorePhase::Restoring: return "restoring";
    case RestorePhase::Confirming: break;
  }
  return "confirming";
}

RestoreResult run_restore(const RestoreRequest& request, Storage& storage, const Clock& clock,
                          const OnRestoreProgress& on_progress, const std::stop_token& stop) {
  return Restore(request, storage, clock, on_progress, stop).run();
}

}  // namespace holdfast
