#include <windows.h>

#include <utility>

#include <nlohmann/json.hpp>

#include "common/protocol/messages.h"
#include "tray/backup_folder.h"
#include "tray/history_controls.h"
#include "tray/history_window.h"
#include "tray/local_time_text.h"
#include "tray/question.h"
#include "tray/shell_dialogs.h"

namespace holdfast {

using nlohmann::json;
using namespace history;

void HistoryWindow::ask(std::string_view method, json params, const std::string& headline,
                        std::function<void(const json&)> then) {
  calls_.ask(this, method, std::move(params),
             [this, headline, then = std::move(then)](const CallOutcome& outcome) {
               if (!outcome.failure) {
                 then(outcome.result);
                 return;
               }
               say(headline);
               tell_failure(window(), headline, *outcome.failure);
             });
}

void HistoryWindow::work(std::string_view method, json params, const std::string& working_on,
                         const std::string& headline, std::function<void(const json&)> then) {
  working_on_ = working_on;
  show_state();
  calls_.ask(
      this, method, std::move(params),
      [this, headline, then = std::move(then)](const CallOutcome& outcome) {
        if (!outcome.failure) {
          then(outcome.result);
          return;
        }
        end_work(headline);
        tell_failure(window(), headline, *outcome.failure);
      },
      ServiceCalls::kWhenDone);
}

void HistoryWindow::back_up() {
  if (!can_ask()) return;
  words_ = "A backup was asked for.";
  show_progress();
  ask(method::kBackupStart, {{"dataset", dataset_}}, "The backup was not begun.",
      [](const json&) {});
}

// Of both, what was begun here goes first.
void HistoryWindow::cancel() {
  if (is_exporting_) {
    export_.cancel();
    return;
  }
  if (!run_) return;
  ask(method::kRunCancel, {{"run", run_->run}}, "It was not cancelled.",
      [this](const json& result) {
        if (result.contains("sentence")) say(result.at("sentence").get<std::string>());
      });
}

void HistoryWindow::restore() {
  const HistoryRow* const row = list_.selected();
  if (row == nullptr || !row->is_archive() || !row->can_be_restored || !can_ask()) return;
  restore_(dataset_, row->archive);
}

void HistoryWindow::open_folder() {
  open_backup_folder(calls_, this, dataset_,
                     [failures = folder_failures_, asker = window()](const std::string& why) {
                       failures->put(why);
                       ::PostMessageW(asker, kFolderFailed, 0, 0);
                     });
}

void HistoryWindow::take_folder_failures() {
  for (const std::string& why : folder_failures_->take_all()) {
    tell_failure(window(), "The backup folder cannot be opened.",
                 Error(ErrorCode::NotFound, why, ""));
  }
}

void HistoryWindow::verify() {
  const HistoryRow* const row = list_.selected();
  if (row == nullptr || !row->is_archive()) return;
  const std::string archive = row->archive;
  work(method::kArchiveVerify, {{"dataset", dataset_}, {"archive", archive}},
       "Reading every byte of the backup", "The backup could not be checked.",
       [this, archive](const json& result) {
         const bool is_good = result.at("check") == "verified";
         end_work(is_good ? "The backup is good: all of it was read." : "The backup is damaged.");
         read();
         if (is_good) return;
         tell_failure(
             window(), "The backup is damaged.",
             Error(ErrorCode::ArchiveDamaged, archive + ": " + result.value("fault", std::string()),
                   "Make a new backup now."));
       });
}

void HistoryWindow::delete_archive() {
  const HistoryRow* const row = list_.selected();
  if (row == nullptr || !row->is_archive() || !can_ask() || !working_on_.empty()) return;
  const std::string archive = row->archive;
  const Question question{.title = "Delete a backup",
                          .headline = "Delete the backup of " + local_time_text(row->at) + "?",
                          .text = "It is deleted for good: " + archive,
                          .button = "&Delete"};
  if (!is_confirmed(window(), question) || !is_open()) return;
  work(method::kArchiveDelete, {{"dataset", dataset_}, {"archive", archive}}, "Deleting the backup",
       "The backup was not deleted.", [this](const json&) {
         end_work("The backup was deleted.");
         read();
       });
}

void HistoryWindow::export_archive() {
  const HistoryRow* const row = list_.selected();
  if (row == nullptr || !row->is_archive() || !working_on_.empty()) return;
  const std::string archive = row->destination + "\\" + row->archive;
  const std::string folder = chosen_folder(window(), "Export the backup to");
  if (folder.empty() || !is_open()) return;
  working_on_ = "Copying the backup, and reading the copy back";
  is_exporting_ = true;
  show_state();
  export_.start(archive, folder, [this](const ArchiveExport::Outcome& outcome) {
    exported_.put(outcome);
    ::PostMessageW(told_at_, kExported, 0, 0);
  });
}

void HistoryWindow::take_exported() {
  for (const auto& [is_good, is_cancelled, words] : exported_.take_all()) {
    is_exporting_ = false;
    end_work(is_good        ? "Exported and verified: " + words
             : is_cancelled ? "The export was cancelled."
                            : "The backup was not exported.");
    if (is_good || is_cancelled) continue;
    tell_failure(window(), "The backup was not exported.",
                 Error(ErrorCode::OutputFailed, words, ""));
  }
}

}  // namespace holdfast
