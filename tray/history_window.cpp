#include "tray/history_window.h"

#include <windows.h>
#include <commctrl.h>

#include <algorithm>
#include <array>
#include <utility>

#include "common/text.h"
#include "common/utf16.h"
#include "tray/history_controls.h"
#include "tray/line_text.h"
#include "tray/local_time_text.h"
#include "tray/resource.h"
#include "tray/status_view.h"
#include "tray/window_place.h"

namespace holdfast {
namespace {

using namespace history;

constexpr const wchar_t* kPlace = L"HistoryPlace";

HACCEL accelerators() {
  std::array<ACCEL, 2> keys{{{FCONTROL | FVIRTKEY, 'B', kBackUp}, {FVIRTKEY, VK_F5, kRefresh}}};
  return ::CreateAcceleratorTableW(keys.data(), static_cast<int>(keys.size()));
}

}  // namespace

HistoryWindow::HistoryWindow(ServiceCalls& calls, Restore restore)
    : TopLevelWindow({.window_class = L"HoldfastHistory",
                      .size = {1100, 560},
                      .min_size = {640, 360},
                      .accelerators = accelerators()}),
      calls_(calls),
      restore_(std::move(restore)),
      reader_(calls, {.rows = [this](std::vector<HistoryRow> rows) { take_rows(std::move(rows)); },
                      .failure = [this](const Error& failure) { say(failure.line()); }}) {}

HistoryWindow::~HistoryWindow() {
  close();
}

void HistoryWindow::show(const ServiceState& state, const std::string& dataset, Purpose purpose) {
  state_ = state;
  purpose_ = purpose;
  if (!is_open()) open_window();
  show_datasets();
  if (!dataset.empty() && dataset != dataset_) use_dataset(dataset);
  bring_forward();
  ::SetFocus(control(kList));
  if (!dataset_.empty()) read();
  show_state();
  take_exported();
}

void HistoryWindow::open_window() {
  open("Backup history");
  told_at_ = window();
  restore_place(window(), kPlace);
}

void HistoryWindow::follow(const ServiceState& state) {
  const bool was_away = !state_.status.has_value();
  state_ = state;
  if (!is_open()) return;
  if (!state_.status) run_.reset();
  show_datasets();
  if (was_away && can_ask()) read();
  show_state();
}

void HistoryWindow::follow(const RunView& run) {
  if (!is_open() || run.dataset != dataset_) return;
  if (run.state == RunView::State::Ended) {
    run_.reset();
    if (run.kind == RunView::Kind::Backup) {
      words_ = run.is_good        ? "The backup is done and verified."
               : run.is_cancelled ? "The backup was cancelled."
                                  : run.sentence;
    }
    read();
  } else {
    run_ = run;
    words_.clear();
  }
  show_state();
}

void HistoryWindow::refresh(const std::string& dataset) {
  if (is_open() && (dataset.empty() || dataset == dataset_) && can_ask()) read();
}

void HistoryWindow::on_command(int id, int event) {
  switch (id) {
    case kDataset:
      if (event == CBN_SELCHANGE) choose_dataset();
      break;
    case kAllRuns: read(); break;
    case kBackUp: back_up(); break;
    case kCancel: cancel(); break;
    case kRestore: restore(); break;
    case kVerify: verify(); break;
    case kExport: export_archive(); break;
    case kDelete: delete_archive(); break;
    case kRefresh:
      words_.clear();
      read();
      break;
    case kOpenFolder: open_folder(); break;
    case IDOK:
      // Enter in the list, as a double click.
      if (::GetFocus() == control(kList)) restore();
      break;
    case IDCANCEL: close(); break;
    default: break;
  }
}

LRESULT HistoryWindow::on_notify(const NMHDR& header) {
  if (header.idFrom != kList) return 0;
  if (list_.on_notify(header)) show_selection();
  if (header.code == NM_DBLCLK) restore();
  if (header.code == LVN_KEYDOWN &&
      reinterpret_cast<const NMLVKEYDOWN&>(header).wVKey == VK_DELETE) {
    delete_archive();
  }
  return 0;
}

LRESULT HistoryWindow::on_message(UINT message) {
  if (message == kExported) take_exported();
  if (message == kFolderFailed) take_folder_failures();
  return 0;
}

void HistoryWindow::on_scale_changed() {
  list_.follow_scale(::GetDpiForWindow(window()));
}

void HistoryWindow::on_colours_changed() {
  list_.show_marks(is_dark() ? ICON_DARK_OFFSET : 0);
}

void HistoryWindow::on_closed() {
  save_place(window(), kPlace);
  calls_.forget(this);
  reader_.stop();
  run_.reset();
  told_at_ = nullptr;
  // An export goes on, and is told when the window is open again.
  if (!is_exporting_) working_on_.clear();
  words_.clear();
  has_rows_ = false;
  titles_.clear();
  list_.detach();
}

int HistoryWindow::default_button() const {
  return IDOK;
}

bool HistoryWindow::has_choice() const {
  return state_.status && state_.status->datasets.size() > 1;
}

bool HistoryWindow::can_ask() const {
  return state_.status && state_.status->phase == ServicePhase::Running && !dataset_.empty();
}

const DatasetStatus* HistoryWindow::dataset_status() const {
  if (!state_.status) return nullptr;
  const auto& datasets = state_.status->datasets;
  const auto found = std::ranges::find(datasets, dataset_, &DatasetStatus::id);
  return found == datasets.end() ? nullptr : &*found;
}

// The chooser holds the datasets in the order of the status.
void HistoryWindow::show_datasets() {
  if (!state_.status) return;
  const auto& datasets = state_.status->datasets;
  std::string titles;
  for (const DatasetStatus& dataset : datasets) titles += dataset.id + '\n' + dataset.title + '\n';
  if (titles != titles_) {
    titles_ = titles;
    ::SendMessageW(control(kDataset), CB_RESETCONTENT, 0, 0);
    for (const DatasetStatus& dataset : datasets) {
      ::SendMessageW(control(kDataset), CB_ADDSTRING, 0,
                     reinterpret_cast<LPARAM>(to_utf16(dataset.title).c_str()));
    }
    set_shown(kDatasetLabel, has_choice());
    set_shown(kDataset, has_choice());
    lay_out_again();
  }
  if (dataset_status() == nullptr && !datasets.empty()) use_dataset(datasets.front().id);
  const auto chosen = std::ranges::find(datasets, dataset_, &DatasetStatus::id);
  ::SendMessageW(control(kDataset), CB_SETCURSEL, static_cast<WPARAM>(chosen - datasets.begin()),
                 0);
}

void HistoryWindow::choose_dataset() {
  const LRESULT chosen = ::SendMessageW(control(kDataset), CB_GETCURSEL, 0, 0);
  if (!state_.status || chosen < 0) return;
  const auto& datasets = state_.status->datasets;
  if (static_cast<std::size_t>(chosen) >= datasets.size()) return;
  use_dataset(datasets[static_cast<std::size_t>(chosen)].id);
}

void HistoryWindow::use_dataset(const std::string& dataset) {
  if (dataset == dataset_) return;
  dataset_ = dataset;
  has_rows_ = false;
  run_.reset();
  words_.clear();
  list_.show({});
  read();
  show_state();
}

void HistoryWindow::read() {
  if (!is_open() || !can_ask()) return;
  // What is being read may lack what happened since.
  if (reader_.is_reading() && reader_.dataset() == dataset_) {
    is_read_again_ = true;
    return;
  }
  is_read_again_ = false;
  const bool all = ::IsDlgButtonChecked(window(), kAllRuns) == BST_CHECKED;
  reader_.read(dataset_, all ? RunsShown::Everything : RunsShown::WhatMatters);
}

void HistoryWindow::take_rows(std::vector<HistoryRow> rows) {
  list_.show(std::move(rows));
  if (!std::exchange(has_rows_, true)) select_first();
  show_selection();
  show_state();
  if (is_read_again_) read();
}

// Who came to restore finds what is most likely wanted selected already.
void HistoryWindow::select_first() {
  if (purpose_ != Purpose::Restore) return;
  const DatasetStatus* const status = dataset_status();
  const HistoryRow* wanted = newest_to_restore(list_.rows());
  for (const HistoryRow& row : list_.rows()) {
    if (status != nullptr && row.is_archive() && row.archive == status->restore_with) wanted = &row;
  }
  if (wanted != nullptr) list_.select(std::string(wanted->key));
}

void HistoryWindow::show_state() {
  const DatasetStatus* const status = dataset_status();
  const std::string title = status == nullptr ? "" : " - " + status->title;
  ::SetWindowTextW(window(), to_utf16("Backup history" + title).c_str());
  std::string headline = status != nullptr ? status->headline : capitalized(sentence(state_));
  if (purpose_ == Purpose::Restore) {
    headline += "\nChoose the backup that is to be restored, then press Restore.";
  } else if (const auto faults = faults_beside(headline, state_); !faults.empty()) {
    headline += "\n" + one_line(faults.front());
  }
  set_text(kHeadline, headline);
  show_progress();
  show_selection();
}

void HistoryWindow::show_selection() {
  const HistoryRow* const row = list_.selected();
  const bool is_archive = row != nullptr && row->is_archive() && can_ask();
  const bool is_at_rest = working_on_.empty();
  set_text(kDetail, row != nullptr ? detail_text(*row)
                    : has_rows_ && list_.rows().empty()
                        ? "There are no backups yet. Press Back up now to make the first."
                        : "");
  enable(kBackUp, can_ask());
  enable(kRefresh, can_ask());
  enable(kOpenFolder, can_ask());
  enable(kAllRuns, can_ask());
  enable(kRestore, is_archive && row->can_be_restored);
  enable(kVerify, is_archive && is_at_rest);
  enable(kExport, is_archive && row->can_be_restored && is_at_rest);
  enable(kDelete, is_archive && is_at_rest);
}

void HistoryWindow::show_progress() {
  const bool is_busy = run_ || !working_on_.empty();
  set_text(kProgressWords, run_ ? run_->words : !working_on_.empty() ? working_on_ : words_);
  const HWND bar = control(kProgress);
  const bool is_marquee = is_busy && (!run_ || !run_->percent);
  const LONG_PTR style = ::GetWindowLongPtrW(bar, GWL_STYLE);
  if (is_marquee != ((style & PBS_MARQUEE) != 0)) {
    ::SetWindowLongPtrW(bar, GWL_STYLE, is_marquee ? style | PBS_MARQUEE : style & ~PBS_MARQUEE);
    ::SendMessageW(bar, PBM_SETMARQUEE, is_marquee ? TRUE : FALSE, 30);
  }
  if (run_ && run_->percent) {
    ::SendMessageW(bar, PBM_SETPOS, static_cast<WPARAM>(*run_->percent), 0);
  }
  set_shown(kProgress, is_busy);
  set_shown(kCancel, run_.has_value() || is_exporting_);
  enable(kCancel, is_exporting_ || (run_ && run_->can_be_cancelled));
}

void HistoryWindow::say(const std::string& words) {
  words_ = words;
  show_state();
}

void HistoryWindow::end_work(const std::string& words) {
  working_on_.clear();
  say(words);
}

}  // namespace holdfast
