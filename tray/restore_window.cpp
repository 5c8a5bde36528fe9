#include "tray/restore_window.h"

#include <windows.h>
#include <commctrl.h>

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/clock.h"
#include "common/protocol/messages.h"
#include "common/utf16.h"
#include "tray/comparison_list.h"
#include "tray/local_time_text.h"
#include "tray/question.h"
#include "tray/restore_controls.h"
#include "tray/restore_program.h"

namespace holdfast {
namespace {

using nlohmann::json;

using namespace restore;

HACCEL accelerators() {
  std::array<ACCEL, 1> keys{{{FCONTROL | FVIRTKEY, 'B', kBackUp}}};
  return ::CreateAcceleratorTableW(keys.data(), static_cast<int>(keys.size()));
}

}  // namespace

RestoreWindow::RestoreWindow(ServiceCalls& calls)
    : TopLevelWindow({.window_class = L"HoldfastRestore",
                      .size = {680, 520},
                      .min_size = {520, 400},
                      .accelerators = accelerators()}),
      calls_(calls),
      reader_(calls,
              {.preview = [this](const json& preview) { take_preview(preview); },
               .fetching = [this](const std::string& words,
                                  std::optional<int> percent) { show_fetch(words, percent); },
               .failure = [this](const Error& failure) { refuse(failure); },
               .wait = [this](std::chrono::milliseconds time) { wake_after(time); }}) {}

RestoreWindow::~RestoreWindow() {
  close();
}

void RestoreWindow::show(const std::string& dataset, const std::string& title,
                         const std::string& archive) {
  if (is_open() && stage_ == Stage::Running) {
    bring_forward();
    return;
  }
  dataset_ = dataset;
  title_ = title;
  archive_ = archive;
  if (!is_open()) open("Restore");
  ::SetWindowTextW(window(), to_utf16("Restore - " + title).c_str());
  look();
  bring_forward();
  ::SetFocus(control(IDCANCEL));
}

void RestoreWindow::on_command(int id, int) {
  switch (id) {
    case kRestore:
      if (stage_ == Stage::Asking) begin(RestoreKind::Restore);
      break;
    case kRetry:
      if (stage_ == Stage::Refused) look();
      if (stage_ == Stage::Ended) begin(kind_);
      break;
    case kUndo:
      if (stage_ == Stage::Ended) begin(RestoreKind::Undo);
      break;
    case kElevate:
      enable(kElevate, false);
      restore_as_administrator(window(), dataset_, archive_, [asker = window()](bool is_started) {
        ::PostMessageW(asker, is_started ? kElevated : kNotElevated, 0, 0);
      });
      break;
    case kForeign: show_stage(); break;
    case kBackUp: back_up(); break;
    case IDCANCEL: on_close(); break;
    default: break;
  }
}

LRESULT RestoreWindow::on_message(UINT message) {
  if (message == kFetchNews) reader_.take_news();
  if (message == kNotElevated) enable(kElevate, true);
  // What was shown since is another restore's.
  if (message == kElevated && stage_ == Stage::Refused) close();
  return 0;
}

void RestoreWindow::on_scale_changed() {
  fit_comparison_columns(control(kList));
}

// While a restore is under way this asks for its end, and the window stays to tell of it.
void RestoreWindow::on_close() {
  if (stage_ == Stage::Running) {
    cancel();
  } else {
    close();
  }
}

void RestoreWindow::on_closed() {
  calls_.forget(this);
  reader_.stop();
  run_.reset();
  shown_rows_.clear();
}

int RestoreWindow::default_button() const {
  return IDCANCEL;
}

void RestoreWindow::look() {
  stage_ = Stage::Looking;
  preview_ = {};
  end_ = {};
  kind_ = RestoreKind::Restore;
  backup_words_.clear();
  ::CheckDlgButton(window(), kForeign, BST_UNCHECKED);
  show_stage();
  reader_.read(dataset_, archive_, [asker = window()] { ::PostMessageW(asker, kFetchNews, 0, 0); });
}

void RestoreWindow::show_fetch(const std::string& words, std::optional<int> percent) {
  progress_ = {.words = words, .percent = percent};
  stage_ = Stage::Fetching;
  show_stage();
}

void RestoreWindow::take_preview(const json& preview) {
  preview_ = restore_preview_view(preview, SystemClock().now(), &local_time_text);
  stage_ = Stage::Asking;
  show_stage();
}

void RestoreWindow::refuse(const Error& failure) {
  stage_ = Stage::Refused;
  needs_administrator_ = failure.code() == ErrorCode::AccessDenied;
  end_ = {.headline = "The backup cannot be restored now.",
          .text = failure.line(),
          .can_be_tried_again = true};
  show_stage();
}

void RestoreWindow::begin(RestoreKind kind) {
  kind_ = kind;
  stage_ = Stage::Running;
  run_.reset();
  progress_ = {.words = "Waiting to begin"};
  is_cancel_asked_ = false;
  show_stage();
  json question = {{"dataset", dataset_}};
  if (kind == RestoreKind::Restore) {
    question["archive"] = archive_;
    question["foreign"] = ::IsDlgButtonChecked(window(), kForeign) == BST_CHECKED;
  }
  calls_.ask(this, kind == RestoreKind::Undo ? method::kRestoreUndo : method::kRestoreStart,
             std::move(question), [this](const CallOutcome& outcome) {
               if (outcome.failure) {
                 end(restore_not_begun_view(*outcome.failure, kind_));
                 return;
               }
               run_ = outcome.result.at("run").get<std::int64_t>();
               wait_for_end();
             });
}

void RestoreWindow::wait_for_end() {
  calls_.ask(
      this, method::kBackupWait, {{"run", *run_}},
      [this](const CallOutcome& outcome) {
        end(outcome.failure ? restore_unknown_view()
                            : restore_end_view(run_view(outcome.result), kind_));
      },
      ServiceCalls::kWhenDone);
}

// A restore archives what is there by itself.
void RestoreWindow::back_up() {
  if (stage_ == Stage::Running) return;
  calls_.ask(
      this, method::kBackupStart, {{"dataset", dataset_}}, [this](const CallOutcome& outcome) {
        backup_words_ = outcome.failure ? "The backup was not begun." : "A backup was asked for.";
        show_stage();
        if (!outcome.failure) return;
        tell_failure(window(), backup_words_, *outcome.failure);
      });
}

void RestoreWindow::follow(const RunView& run) {
  if (!is_open() || stage_ != Stage::Running || run_ != run.run) return;
  if (run.state == RunView::State::Ended) return;
  progress_ = run;
  show_stage();
}

void RestoreWindow::cancel() {
  if (is_cancel_asked_ || !run_ || !progress_.can_be_cancelled) return;
  is_cancel_asked_ = true;
  show_stage();
  // Whether it was cancelled or came to its end is told by its end.
  calls_.ask(this, method::kRunCancel, {{"run", *run_}}, [](const CallOutcome&) {});
}

void RestoreWindow::end(RestoreEndView view) {
  if (stage_ != Stage::Running) return;
  stage_ = Stage::Ended;
  end_ = std::move(view);
  show_stage();
}

std::string RestoreWindow::notes() const {
  std::string text;
  for (const std::string& sentence : {preview_.problem, preview_.foreign}) {
    if (!sentence.empty()) text += sentence + "\n";
  }
  return text + preview_.safety;
}

// Only what is different is shown anew: who reads a row, or has scrolled to it, stays there.
void RestoreWindow::show_rows() {
  if (shown_rows_ == preview_.rows) return;
  shown_rows_ = preview_.rows;
  show_comparison(control(kList), shown_rows_);
}

void RestoreWindow::show_stage() {
  const bool is_asking = stage_ == Stage::Asking;
  const bool is_running = stage_ == Stage::Running;
  const bool is_moving = is_running || stage_ == Stage::Fetching;
  const bool has_end = stage_ == Stage::Ended || stage_ == Stage::Refused;
  const bool is_foreign = !preview_.foreign.empty();
  set_text(kHeadline, has_end                      ? end_.headline
                      : stage_ == Stage::Fetching  ? "The backup is only in the cloud."
                      : stage_ == Stage::Looking   ? "Comparing the backup with what is there..."
                      : kind_ == RestoreKind::Undo ? "The restore is taken back."
                                                   : preview_.headline);
  set_text(kWarning, has_end ? end_.text : preview_.warning);
  set_text(kNotes, has_end ? "" : notes());
  set_text(kProgressWords, is_moving ? progress_.words : backup_words_);
  show_rows();
  set_shown(kForeign, is_asking && is_foreign);

  const HWND bar = control(kProgress);
  ::SendMessageW(bar, PBM_SETPOS,
                 static_cast<WPARAM>(is_moving ? progress_.percent.value_or(0) : 0), 0);
  set_shown(kProgress, is_moving);

  set_shown(kRestore, !has_end);
  enable(kRestore,
         is_asking && (!is_foreign || ::IsDlgButtonChecked(window(), kForeign) == BST_CHECKED));
  set_shown(kRetry, has_end && end_.can_be_tried_again);
  set_shown(kUndo, has_end && end_.can_be_undone);
  set_shown(kElevate, stage_ == Stage::Refused && needs_administrator_);
  set_text(IDCANCEL, has_end ? "&Close" : "&Cancel");
  enable(IDCANCEL, !is_running || (progress_.can_be_cancelled && !is_cancel_asked_));
  if (::GetFocus() == nullptr || !::IsWindowVisible(::GetFocus())) ::SetFocus(control(IDCANCEL));
  lay_out_again();
}

}  // namespace holdfast
