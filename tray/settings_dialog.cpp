#include "tray/settings_dialog.h"

#include <windows.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "common/clock.h"
#include "tray/dialog_controls.h"
#include "tray/dialog_resource.h"
#include "tray/settings_form.h"
#include "tray/shell_dialogs.h"

namespace holdfast {

using nlohmann::json;

namespace {

constexpr UINT kFolderFailed = WM_APP + 1;

}  // namespace

SettingsDialog::SettingsDialog(AskService ask, std::function<void()> add_another)
    : DialogWindow(DIALOG_SETTINGS, std::move(ask)), add_another_(std::move(add_another)) {}

void SettingsDialog::refresh() {
  if (!is_open() || !to_save_.empty()) return;
  if (awaited_ > 0) {
    is_load_stale_ = true;
    return;
  }
  if (std::ranges::none_of(datasets_, &DatasetSettings::is_changed)) load();
}

void SettingsDialog::on_open() {
  datasets_.clear();
  roots_.clear();
  to_save_.clear();
  selected_ = 0;
  prepare_form(window());
  load();
}

bool SettingsDialog::tells_fault(int control) const {
  return holdfast::tells_fault(control);
}

std::function<void(const json&)> SettingsDialog::part_of_load(
    std::function<void(const json&)> take) {
  ++awaited_;
  return [this, load = load_, take = std::move(take)](const json& result) {
    if (load != load_) return;
    take(result);
    if (--awaited_ == 0) take_all();
  };
}

void SettingsDialog::load() {
  set_control_text(window(), SETTINGS_FAULT, "");
  set_control_text(window(), SETTINGS_TIMES, "Asking the service...");
  ++load_;
  awaited_ = 0;
  is_load_stale_ = false;
  ask_for_all_of(method::kDatasetsList, "datasets", part_of_load([this](const json& result) {
                   answers_.datasets = result.at("datasets");
                 }));
  ask_for_all_of(method::kConfigGet, "datasets", part_of_load([this](const json& result) {
                   answers_.config = result.at("datasets");
                 }));
  ask(method::kStatus, json::object(),
      part_of_load([this](const json& result) { answers_.status = status_from(result); }));
  ask(method::kCloudRoots, json::object(),
      part_of_load([this](const json& result) { roots_ = cloud_root_choices(result); }));
  enable_fields();
}

void SettingsDialog::take_all() {
  datasets_ = settings_view(answers_, SystemClock().now());
  selected_ = std::min(selected_, datasets_.empty() ? 0 : datasets_.size() - 1);
  clear_choices(window(), SETTINGS_DATASET);
  for (const DatasetSettings& dataset : datasets_) {
    add_choice(window(), SETTINGS_DATASET, dataset.title);
  }
  choose(window(), SETTINGS_DATASET, static_cast<int>(selected_));
  show_selected();
}

void SettingsDialog::fail(const Error& failure) {
  // What else is answered of this load is not enough to show.
  ++load_;
  awaited_ = 0;
  to_save_.clear();
  set_control_text(window(), SETTINGS_TIMES, "");
  set_control_text(window(), SETTINGS_FAULT, failure.line());
  enable_fields();
  // The service may have come back before this was told.
  if (std::exchange(is_load_stale_, false)) refresh();
}

DatasetSettings* SettingsDialog::selected() {
  return selected_ < datasets_.size() ? &datasets_[selected_] : nullptr;
}

void SettingsDialog::show_selected() {
  DatasetSettings* const dataset = selected();
  if (dataset == nullptr) {
    set_control_text(window(), SETTINGS_TIMES, "No database is protected yet.");
    enable_fields();
    return;
  }
  is_filling_ = true;
  set_control_text(window(), SETTINGS_TIMES, dataset->times);
  show_form(window(), *dataset, roots_);
  is_filling_ = false;
  enable_fields();
}

void SettingsDialog::enable_fields() {
  const DatasetSettings* const dataset = selected();
  enable_form(window(), dataset, awaited_ == 0 && to_save_.empty());
  enable_control(window(), SETTINGS_OPEN_FOLDER, dataset != nullptr && !dataset->folder.empty());
  const bool is_changed = std::ranges::any_of(datasets_, &DatasetSettings::is_changed);
  enable_control(window(), SETTINGS_APPLY, is_changed && to_save_.empty());
  enable_control(window(), IDOK, to_save_.empty());
}

void SettingsDialog::take_fields() {
  DatasetSettings* const dataset = selected();
  if (dataset == nullptr || is_filling_ || !dataset->locked.empty()) return;
  is_filling_ = true;
  take_form(window(), *dataset, roots_);
  is_filling_ = false;
  enable_fields();
}

void SettingsDialog::browse_folder() {
  const ChosenSettings& chosen = selected()->chosen;
  const std::string folder =
      chosen_folder(window(), kWhereTo, chosen.in_onedrive ? selected()->folder : chosen.folder);
  if (!folder.empty()) show_folder(window(), {SETTINGS_PLACE, SETTINGS_FOLDER}, folder, roots_);
}

void SettingsDialog::on_command(int control, int event) {
  switch (control) {
    case IDCANCEL: end(IDCANCEL); return;
    case IDOK: save(WhenSaved::Close); return;
    case SETTINGS_APPLY: save(WhenSaved::Stay); return;
    case SETTINGS_ADD: add_another_(); return;
    case SETTINGS_OPEN_FOLDER:
      open_folder(selected()->folder, [window = window()](const std::string& why) {
        auto told = std::make_unique<std::string>(why);
        const auto message = reinterpret_cast<LPARAM>(told.get());
        if (::PostMessageW(window, kFolderFailed, 0, message)) static_cast<void>(told.release());
      });
      return;
    case SETTINGS_BROWSE_DATABASE:
      if (const std::string path = chosen_database(window()); !path.empty()) {
        set_control_text(window(), SETTINGS_DATABASE, path);
      }
      return;
    case SETTINGS_BROWSE_FOLDER:
      browse_folder();
      take_fields();
      return;
    case SETTINGS_DATASET:
      if (event != CBN_SELCHANGE) return;
      selected_ = static_cast<std::size_t>(std::max(0, choice(window(), SETTINGS_DATASET)));
      show_selected();
      return;
    default: break;
  }
  const bool is_change = event == EN_CHANGE || event == CBN_SELCHANGE ||
                         (control == SETTINGS_ENABLED && event == BN_CLICKED);
  if (is_change) take_fields();
}

void SettingsDialog::on_message(UINT message, LPARAM told) {
  if (message != kFolderFailed) return;
  const std::unique_ptr<std::string> why(reinterpret_cast<std::string*>(told));
  set_control_text(window(), SETTINGS_FAULT, *why);
}

void SettingsDialog::on_back_up() {
  const DatasetSettings* const dataset = selected();
  if (dataset == nullptr) return;
  service()(method::kBackupStart, {{"dataset", dataset->key}},
            while_open([this](const ServiceAnswer& answer) {
              set_control_text(window(), SETTINGS_TIMES,
                               answer.failure ? answer.failure->line() : "A backup was asked for.");
            }));
}

void SettingsDialog::save(WhenSaved when) {
  when_saved_ = when;
  to_save_.clear();
  for (std::size_t i = 0; i < datasets_.size(); ++i) {
    datasets_[i].faults.erase(SettingsField::General);
    if (datasets_[i].is_changed()) to_save_.push_back(i);
  }
  save_next();
}

void SettingsDialog::save_next() {
  if (to_save_.empty()) {
    saved();
    return;
  }
  const std::size_t place = to_save_.front();
  const DatasetSettings& dataset = datasets_[place];
  enable_fields();
  service()(method::kDatasetsChange,
            {{"dataset", dataset.key}, {"settings", changed_settings(dataset)}},
            while_open([this, place](const ServiceAnswer& answer) {
              DatasetSettings& changed = datasets_[place];
              changed.faults.clear();
              if (answer.failure) {
                changed.faults = field_faults(*answer.failure);
              } else {
                changed.stored = changed.chosen;
              }
              to_save_.erase(to_save_.begin());
              save_next();
            }));
}

void SettingsDialog::saved() {
  const auto refused = std::ranges::find_if(datasets_, &DatasetSettings::is_changed);
  if (refused != datasets_.end()) {
    selected_ = static_cast<std::size_t>(refused - datasets_.begin());
    choose(window(), SETTINGS_DATASET, static_cast<int>(selected_));
    show_selected();
    if (const auto control = first_with_fault(*refused)) {
      ::SetFocus(::GetDlgItem(window(), *control));
    }
    return;
  }
  if (when_saved_ == WhenSaved::Close) {
    end(IDOK);
  } else {
    load();
  }
}

}  // namespace holdfast
