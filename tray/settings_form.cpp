#include "tray/settings_form.h"

#include <windows.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>

#include "tray/dialog_controls.h"
#include "tray/dialog_resource.h"

namespace holdfast {
namespace {

struct FieldControls {
  SettingsField field;
  int fault;
  std::vector<int> controls;
};

const std::vector<FieldControls>& field_controls() {
  static const std::vector<FieldControls> all{
      {SettingsField::General, SETTINGS_FAULT, {}},
      {SettingsField::Enabled, SETTINGS_FAULT, {SETTINGS_ENABLED}},
      {SettingsField::Database,
       SETTINGS_DATABASE_FAULT,
       {SETTINGS_DATABASE, SETTINGS_BROWSE_DATABASE}},
      {SettingsField::Destination,
       SETTINGS_DESTINATION_FAULT,
       {SETTINGS_PLACE, SETTINGS_FOLDER, SETTINGS_BROWSE_FOLDER}},
      {SettingsField::Schedule,
       SETTINGS_SCHEDULE_FAULT,
       {SETTINGS_SCHEDULE, SETTINGS_SCHEDULE_VALUE}},
      {SettingsField::Keep, SETTINGS_KEEP_FAULT, {SETTINGS_KEEP}},
      {SettingsField::Notify, SETTINGS_NOTIFY_FAULT, {SETTINGS_NOTIFY}}};
  return all;
}

constexpr std::array<std::string_view, 3> kSchedules{"Every", "Daily at", "Only when I ask"};
constexpr std::array<std::string_view, 3> kNotifyTitles{"About failures", "About every backup",
                                                        "Never"};
constexpr std::array<std::string_view, 3> kNotifyWords{"failures", "all", "never"};

// The user's OneDrives, any folder, and a OneDrive that is configured and not there.
void show_places(HWND dialog, const ChosenSettings& chosen,
                 const std::vector<CloudRootChoice>& roots) {
  clear_choices(dialog, SETTINGS_PLACE);
  for (const CloudRootChoice& root : roots) add_choice(dialog, SETTINGS_PLACE, root_title(root));
  add_choice(dialog, SETTINGS_PLACE, "A folder on this computer or in the network");
  const auto folder = static_cast<int>(roots.size());
  if (!chosen.in_onedrive) {
    choose(dialog, SETTINGS_PLACE, folder);
    return;
  }
  const auto found = std::ranges::find(roots, chosen.account, &CloudRootChoice::account);
  if (found != roots.end()) {
    choose(dialog, SETTINGS_PLACE, static_cast<int>(found - roots.begin()));
  } else if (chosen.account.empty() && roots.size() == 1) {
    choose(dialog, SETTINGS_PLACE, 0);
  } else {
    add_choice(dialog, SETTINGS_PLACE,
               chosen.account.empty() ? "OneDrive" : "OneDrive - " + chosen.account);
    choose(dialog, SETTINGS_PLACE, folder + 1);
  }
}

// Stands where the fault of the same field does, which has an example of its own.
void show_hint(HWND dialog, ScheduleKind schedule) {
  const bool has_fault = !control_text(dialog, SETTINGS_SCHEDULE_FAULT).empty();
  set_control_text(dialog, SETTINGS_SCHEDULE_HINT,
                   has_fault                         ? ""
                   : schedule == ScheduleKind::Every ? "like 30m, 4h or 1d"
                   : schedule == ScheduleKind::Daily ? "like 18:30"
                                                     : "");
  ::ShowWindow(::GetDlgItem(dialog, SETTINGS_SCHEDULE_HINT), has_fault ? SW_HIDE : SW_SHOWNA);
  ::ShowWindow(::GetDlgItem(dialog, SETTINGS_SCHEDULE_FAULT), has_fault ? SW_SHOWNA : SW_HIDE);
}

void show_faults(HWND dialog, const DatasetSettings& dataset) {
  std::map<int, std::string> told;
  for (const FieldControls& field : field_controls()) {
    std::string& text = told[field.fault];
    const auto add = [&text, &field](const std::map<SettingsField, std::string>& sentences) {
      const auto found = sentences.find(field.field);
      if (found != sentences.end()) text += (text.empty() ? "" : " ") + found->second;
    };
    add(dataset.faults);
    add(dataset.locked_fields);
  }
  for (const auto& [control, text] : told) set_control_text(dialog, control, text);
  show_hint(dialog, dataset.chosen.schedule);
}

void take_place(HWND dialog, DatasetSettings& dataset, const std::vector<CloudRootChoice>& roots) {
  ChosenSettings& chosen = dataset.chosen;
  const auto place = static_cast<std::size_t>(std::max(0, choice(dialog, SETTINGS_PLACE)));
  const bool in_onedrive = place != roots.size();
  if (in_onedrive != chosen.in_onedrive) {
    // A folder inside OneDrive means nothing elsewhere, and the other way round.
    const ChosenSettings& stored = dataset.stored;
    set_control_text(dialog, SETTINGS_FOLDER,
                     stored.in_onedrive == in_onedrive ? stored.folder : "");
  }
  chosen.in_onedrive = in_onedrive;
  const bool is_only = chosen.account.empty() && roots.size() == 1;
  if (place < roots.size() && !is_only) chosen.account = roots[place].account;
  chosen.folder = control_text(dialog, SETTINGS_FOLDER);
}

void show_schedule(HWND dialog, const ChosenSettings& chosen) {
  const bool is_daily = chosen.schedule == ScheduleKind::Daily;
  set_control_text(dialog, SETTINGS_SCHEDULE_VALUE, is_daily ? chosen.daily : chosen.every);
}

void take_schedule(HWND dialog, ChosenSettings& chosen) {
  const auto kind = static_cast<ScheduleKind>(std::max(0, choice(dialog, SETTINGS_SCHEDULE)));
  if (kind != chosen.schedule) {
    chosen.schedule = kind;
    show_schedule(dialog, chosen);
    return;
  }
  const std::string value = control_text(dialog, SETTINGS_SCHEDULE_VALUE);
  if (kind == ScheduleKind::Every) chosen.every = value;
  if (kind == ScheduleKind::Daily) chosen.daily = value;
}

}  // namespace

void prepare_form(HWND dialog) {
  for (const std::string_view title : kSchedules) add_choice(dialog, SETTINGS_SCHEDULE, title);
  for (const std::string_view title : kNotifyTitles) add_choice(dialog, SETTINGS_NOTIFY, title);
}

void show_form(HWND dialog, const DatasetSettings& dataset,
               const std::vector<CloudRootChoice>& roots) {
  const ChosenSettings& chosen = dataset.chosen;
  set_control_text(dialog, SETTINGS_LOCKED, dataset.locked);
  ::CheckDlgButton(dialog, SETTINGS_ENABLED, chosen.enabled ? BST_CHECKED : BST_UNCHECKED);
  set_control_text(dialog, SETTINGS_DATABASE, chosen.database);
  show_places(dialog, chosen, roots);
  set_control_text(dialog, SETTINGS_FOLDER, chosen.folder);
  choose(dialog, SETTINGS_SCHEDULE, static_cast<int>(chosen.schedule));
  show_schedule(dialog, chosen);
  set_control_text(dialog, SETTINGS_KEEP, chosen.keep_last);
  const auto* const word = std::ranges::find(kNotifyWords, chosen.notify);
  choose(dialog, SETTINGS_NOTIFY, static_cast<int>(word - kNotifyWords.begin()));
  show_faults(dialog, dataset);
}

void take_form(HWND dialog, DatasetSettings& dataset, const std::vector<CloudRootChoice>& roots) {
  ChosenSettings& chosen = dataset.chosen;
  chosen.enabled = ::IsDlgButtonChecked(dialog, SETTINGS_ENABLED) == BST_CHECKED;
  chosen.database = control_text(dialog, SETTINGS_DATABASE);
  take_place(dialog, dataset, roots);
  take_schedule(dialog, chosen);
  chosen.keep_last = control_text(dialog, SETTINGS_KEEP);
  const int notify = choice(dialog, SETTINGS_NOTIFY);
  if (notify >= 0) chosen.notify = kNotifyWords.at(static_cast<std::size_t>(notify));
}

void enable_form(HWND dialog, const DatasetSettings* dataset, bool can_change) {
  const bool is_open = can_change && dataset != nullptr && dataset->locked.empty();
  for (const FieldControls& field : field_controls()) {
    const bool is_locked = dataset != nullptr && dataset->locked_fields.contains(field.field);
    for (const int control : field.controls) {
      enable_control(dialog, control, is_open && !is_locked);
    }
  }
  if (dataset == nullptr) return;
  const ScheduleKind schedule = dataset->chosen.schedule;
  if (schedule == ScheduleKind::Manual) enable_control(dialog, SETTINGS_SCHEDULE_VALUE, false);
  show_hint(dialog, schedule);
}

void show_folder(HWND dialog, FolderControls controls, const std::string& folder,
                 const std::vector<CloudRootChoice>& roots) {
  for (std::size_t i = 0; i < roots.size(); ++i) {
    if (const auto inside = path_inside(roots[i].folder, folder)) {
      choose(dialog, controls.place, static_cast<int>(i));
      set_control_text(dialog, controls.folder, *inside);
      return;
    }
  }
  choose(dialog, controls.place, static_cast<int>(roots.size()));
  set_control_text(dialog, controls.folder, folder);
}

bool tells_fault(int control) {
  return std::ranges::count(field_controls(), control, &FieldControls::fault) > 0;
}

std::optional<int> first_with_fault(const DatasetSettings& dataset) {
  for (const FieldControls& field : field_controls()) {
    if (dataset.faults.contains(field.field) && !field.controls.empty()) {
      return field.controls.front();
    }
  }
  return std::nullopt;
}

}  // namespace holdfast
