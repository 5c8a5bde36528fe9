#include "service/restore/restore_run.h"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>

#include "common/error.h"
#include "common/path_text.h"
#include "common/text.h"
#include "service/archive/archive_reader.h"
#include "service/archive/extract_archive.h"
#include "service/backup/integrity_check.h"
#include "service/backup/live_database.h"
#include "service/platform/file_holders.h"
#include "service/restore/live_transaction.h"
#include "service/restore/move_plan.h"
#include "service/restore/restore_recovery.h"
#include "service/restore/restore_source.h"
#include "service/restore/restore_stage.h"
#include "service/restore/staged_check.h"

namespace holdfast {
namespace {

using Phase = RestoreJournal::Phase;
using Way = RestoreJournal::Way;

// An application that writes all the time leaves no moment at which what it wrote is archived.
constexpr int kMostAttempts = 3;

// What stands in the way of replacing a database by its own transaction.
bool needs_another_file(ErrorCode code) {
  return code == ErrorCode::NotFound || code == ErrorCode::NotADatabase ||
         code == ErrorCode::DatabaseEmpty || code == ErrorCode::DatabaseDamaged;
}

class Restore {
 public:
  Restore(const RestoreRequest& request, Storage& storage, const Clock& clock,
          const OnRestoreProgress& on_progress, const std::stop_token& stop)
      : request_(request),
        storage_(storage),
        clock_(clock),
        on_progress_(on_progress),
        stop_(stop),
        stage_(storage, request.target.database) {}

  RestoreResult run() {
    refuse_what_is_no_file();
    recover_restore(storage_, database());
    const std::unique_ptr<RestoreSource> source = open_restore_source(
        storage_, {.archive = request_.archive, .database = request_.target.database});
    if (!source->has_every_side_file()) request_.target.include.clear();
    try {
      stage(*source);
      check_staged_files(stage_.fresh(), manifest_, request_.target, request_.foreign, stop_);
      for (int attempt = 1; !replace(); ++attempt) {
        if (attempt == kMostAttempts) throw in_use("it is written to all the time");
      }
    } catch (...) {
      give_up();
      throw;
    }
    result_.manifest = manifest_;
    result_.safety_archive = saved_.archive;
    result_.saved = saved_;
    return result_;
  }

 private:
  const std::filesystem::path& database() const { return request_.target.database; }
  std::filesystem::path staged_database() const { return stage_.fresh() / database().filename(); }

  // A folder would be moved aside as if it were a damaged database.
  void refuse_what_is_no_file() const {
    using Type = std::filesystem::file_type;
    std::error_code unknown;
    const Type type = std::filesystem::symlink_status(database(), unknown).type();
    if (type == Type::not_found || type == Type::regular) return;
    throw Error(ErrorCode::AlreadyExists,
                fmt::format("Cannot restore over {}: it is no file but a folder or a link.",
                            path_text(database())),
                "Give the path of the database's own file; nothing was changed.");
  }

  // Every byte is compared on the way with what was backed up.
  void stage(const RestoreSource& source) {
    tell(RestorePhase::Staging, 0, 0);
    stage_.begin();
    stage_.write(journal_);
    manifest_ = source.stage(
        storage_, stage_.fresh(),
        [this](std::uint64_t done, std::uint64_t total) {
          tell(RestorePhase::Staging, done, total);
        },
        stop_);
    const std::filesystem::path main = stage_.fresh() / text_path(manifest_.database);
    if (main != staged_database()) storage_.rename(main, staged_database());
    tell(RestorePhase::Checking, 0, 0);
  }

  // False when somebody wrote to the database in between: then all of it is to be done again.
  bool replace() {
    std::unique_ptr<LiveTransaction> live = open_live();
    if (live) live->watch();
    const MovePlan moves = side_file_moves(storage_, request_.target, manifest_);
    const bool is_saved = save_what_is_there(live != nullptr);
    stop_if_asked();
    if (side_file_moves(storage_, request_.target, manifest_) != moves) return false;
    journal_ = {.moved_out = moves.out_names(), .moved_in = moves.in};
    if (live && is_saved) return replace_by_transaction(*live);
    live.reset();
    replace_files();
    return true;
  }

  // Nothing where the file has to be replaced.
  std::unique_ptr<LiveTransaction> open_live() const {
    try {
      auto live = std::make_unique<LiveTransaction>(database());
      if (live->can_take_pages_of(main_entry().page_size)) return live;
    } catch (const Error& error) {
      if (error.code() == ErrorCode::DatabaseBusy) throw in_use(error.what());
      if (!needs_another_file(error.code())) throw;
    }
    return nullptr;
  }

  // Whether there is an archive of it now. What is damaged, or is no database, cannot be archived.
  bool save_what_is_there(bool can_be_read) {
    tell(RestorePhase::Saving, 0, 0);
    BackupRequest safety = request_.safety;
    safety.kind = ArchiveName::Kind::Safety;
    // Whatever is replaced is archived before, configured or not.
    for (const ManifestEntry& entry : manifest_.entries) {
      if (entry.name != manifest_.database) safety.include.push_back(entry.name);
    }
    try {
      saved_ = run_backup(
          safety, storage_, clock_,
          [this](const BackupProgress& progress) {
            tell(RestorePhase::Saving, progress.done_bytes, progress.total_bytes);
          },
          stop_);
      return true;
    } catch (const Error& error) {
      const bool is_damaged = error.code() == ErrorCode::DatabaseDamaged;
      if (!is_damaged && (can_be_read || !needs_another_file(error.code()))) throw;
      return false;
    }
  }

  // Nothing is deleted that is in no archive.
  bool is_saved(const std::string& name) const {
    const auto& entries = saved_.manifest.entries;
    return std::ranges::any_of(entries, [&](const ManifestEntry& entry) {
      return entry.name == name ||
             (entry.kind == ManifestEntry::Kind::Database && is_sidecar_of(name, entry.name));
    });
  }

  bool replace_by_transaction(LiveTransaction& live) {
    journal_.way = Way::Transaction;
    const auto is_safe = [this](const std::string& name) { return is_saved(name); };
    if (!std::ranges::all_of(journal_.moved_out, is_safe)) journal_.set_aside = free_name_aside();
    journal_.witnesses = live.differences(storage_, staged_database());
    lock(live);
    if (!live.is_unchanged()) {
      live.abandon();
      return false;
    }
    tell(RestorePhase::Restoring, 0, 0);
    live.copy();
    try {
      swap();
      live.commit();
    } catch (...) {
      live.abandon();
      take_back();
      throw;
    }
    end_swap();
    confirm(live);
    finish();
    return true;
  }

  void lock(LiveTransaction& live) const {
    try {
      live.lock(staged_database());
    } catch (const Error& error) {
      if (error.code() != ErrorCode::DatabaseBusy) throw;
      throw in_use("another program has locked it");
    }
  }

  // What was there is kept: nobody can tell whether it was archived to its last byte.
  void replace_files() {
    journal_.way = Way::Files;
    journal_.witnesses.clear();
    for (std::string& file : database_files(database())) {
      journal_.moved_out.push_back(std::move(file));
    }
    // The last one: what has it is restored.
    journal_.moved_in.push_back(path_text(database().filename()));
    if (!journal_.moved_out.empty()) journal_.set_aside = free_name_aside();
    if (const auto holders = file_holders({database()}); !holders.empty()) {
      throw in_use("another program has it open");
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

  std::string free_name_aside() const {
    std::string time = utc_text(clock_.now());
    std::erase_if(time, [](char letter) { return letter == '-' || letter == ':'; });
    const std::string name = path_text(database().filename()) + ".before-restore-" + time;
    std::error_code unknown;
    for (int counter = 1;; ++counter) {
      const std::string next = counter == 1 ? name : fmt::format("{}.{}", name, counter);
      if (!std::filesystem::exists(database().parent_path() / text_path(next), unknown)) {
        return next;
      }
    }
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
                  fmt::format("Check the disk, and restore {}.", path_text(saved_.archive)));
    }
    throw Error(ErrorCode::RestoreFailed, found + "; what was there before was put back.",
                "Check the disk.");
  }

  // Whoever wrote to it since has read it before.
  bool is_as_restored(const LiveTransaction& live) const {
    try {
      return live.outcome(storage_, staged_database()) != LiveTransaction::Outcome::Broken;
    } catch (const Error& error) {
      return error.code() == ErrorCode::DatabaseBusy;
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
    const ArchiveReader before(storage_, saved_.archive);
    const std::filesystem::path image = stage_.folder() / "before.db";
    extract_entry(before, before.find(before.manifest().database).value(), storage_, image);
    LiveTransaction live(database());
    live.lock(image);
    live.copy();
    live.commit();
    take_back();
  }

  void finish() {
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
    try {
      if (journal_.phase == Phase::Staging && stage_.is_begun()) stage_.finish({});
    } catch (const std::exception&) {  // the next attempt, or start, tidies up
    }
  }

  const ManifestEntry& main_entry() const {
    return *std::ranges::find(manifest_.entries, manifest_.database, &ManifestEntry::name);
  }

  Error in_use(std::string_view why) const {
    const std::string holders = holders_text(file_holders({database()}));
    return {ErrorCode::DatabaseBusy,
            fmt::format("Cannot restore over {}: {}.", path_text(database()),
                        holders.empty() ? std::string(why) : "it is in use by " + holders),
            "Close the application and try again; nothing was changed."};
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
  BackupResult saved_;  // of what was there before
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
