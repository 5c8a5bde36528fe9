#include "tray/setup_dialog.h"

#include <windows.h>
#include <commctrl.h>

#include <algorithm>
#include <memory>
#include <thread>
#include <utility>

#include "tray/dialog_controls.h"
#include "tray/dialog_resource.h"
#include "tray/found_databases.h"
#include "tray/settings_form.h"
#include "tray/shell_dialogs.h"
#include "tray/user_folders.h"

namespace holdfast {
namespace {

using nlohmann::json;

constexpr UINT kFoundMessage = WM_APP + 1;
constexpr UINT_PTR kRunTimer = 1;
constexpr UINT kRunMilliseconds = 500;

constexpr std::string_view kText =
    "Holdfast makes verified backups of a database while its application is in use, and keeps "
    "the right ones. Choose what to protect; everything can be changed later in the settings.";

// On a thread that ends with what it does: a profile may lie in a network that is away. What was
// found goes to the window, as long as there is one.
void look_for(HWND window, std::vector<DatabaseChoice> places) {
  std::thread([window, places = std::move(places)] {
    auto found = std::make_unique<std::vector<DatabaseChoice>>(found_databases(places));
    const auto message = reinterpret_cast<LPARAM>(found.get());
    if (::PostMessageW(window, kFoundMessage, 0, message)) static_cast<void>(found.release());
  }).detach();
}

std::string id_of(const std::string& key) {
  return key.substr(0, key.find('@'));
}

}  // namespace

void SetupDialog::on_end(int result) {
  on_result_(result == SETUP_SKIP ? Result::Skipped
             : result == IDOK     ? Result::Done
                                  : Result::Closed);
}

bool SetupDialog::tells_fault(int control) const {
  return control == SETUP_RESULT && !is_good_ && stage_ != Stage::BackingUp;
}

void SetupDialog::on_message(UINT message, LPARAM told) {
  if (message != kFoundMessage) return;
  const std::unique_ptr<std::vector<DatabaseChoice>> found(
      reinterpret_cast<std::vector<DatabaseChoice>*>(told));
  take_found(*found);
}

void SetupDialog::on_open() {
  stage_ = Stage::Choosing;
  databases_.clear();
  roots_.clear();
  other_ids_.clear();
  usual_folder_.clear();
  is_good_ = false;
  folders_ = user_folders();
  set_control_text(window(), SETUP_TEXT, kText);
  for (const ScheduleChoice& choice : schedule_choices()) {
    add_choice(window(), SETUP_SCHEDULE, choice.title);
  }
  choose(window(), SETUP_SCHEDULE, 0);
  show_places();
  show_stage();
  look_for_databases();
  ask(method::kCloudRoots, json::object(), [this](const json& result) {
    roots_ = cloud_root_choices(result);
    show_places();
  });
  ask_for_all_of(method::kDatasetsList, "datasets", [this](const json& result) {
    for (const json& dataset : result.at("datasets")) {
      other_ids_.push_back(id_of(dataset.at("dataset").get<std::string>()));
    }
  });
}

// What was added stays: the settings can mend it, and the schedule tries again.
void SetupDialog::fail(const Error& failure) {
  stage_ = stage_ == Stage::BackingUp ? Stage::Ended : Stage::Choosing;
  std::string told = failure.line();
  if (failure.code() == ErrorCode::BadParameters) {
    // The keys that it begins with are those of the configuration's page, not of this dialog.
    told.clear();
    for (const auto& [field, sentence] : field_faults(failure)) {
      told += (told.empty() ? "" : " ") + sentence;
    }
  }
  set_control_text(window(), SETUP_RESULT, told);
  show_stage();
}

void SetupDialog::look_for_databases() {
  set_control_text(window(), SETUP_FOUND, "Looking for known applications...");
  look_for(window(), places_to_look(folders_));
}

// Both of the first look, and what was browsed for, which is looked at in the same way.
void SetupDialog::take_found(const std::vector<DatabaseChoice>& found) {
  for (const DatabaseChoice& database : found) {
    if (std::ranges::count(databases_, database) == 0) {
      databases_.push_back(database);
      add_choice(window(), SETUP_DATABASE, choice_title(database));
    }
  }
  if (databases_.empty()) {
    set_control_text(window(), SETUP_FOUND,
                     "No known application has a database here. Browse for the one to protect.");
  } else {
    set_control_text(window(), SETUP_FOUND, "");
    choose(window(), SETUP_DATABASE, 0);
    show_usual_folder();
  }
  show_stage();
}

void SetupDialog::show_places() {
  clear_choices(window(), SETUP_PLACE);
  for (const CloudRootChoice& root : roots_) add_choice(window(), SETUP_PLACE, root_title(root));
  add_choice(window(), SETUP_PLACE, "A folder on this computer or in the network");
  choose(window(), SETUP_PLACE, 0);
  show_usual_folder();
}

void SetupDialog::show_usual_folder() {
  const DatabaseChoice* const chosen_database = database();
  if (chosen_database == nullptr) return;
  const bool may_replace = control_text(window(), SETUP_FOLDER) == usual_folder_;
  const bool in_onedrive = chosen().in_onedrive;
  usual_folder_ = in_onedrive ? usual_onedrive_folder(*chosen_database)
                              : usual_local_folder(*chosen_database, folders_);
  if (may_replace) set_control_text(window(), SETUP_FOLDER, usual_folder_);
}

void SetupDialog::browse_database() {
  const std::string path = chosen_database(window());
  if (path.empty()) return;
  databases_.insert(databases_.begin(), {path, ""});
  clear_choices(window(), SETUP_DATABASE);
  for (const DatabaseChoice& database : databases_) {
    add_choice(window(), SETUP_DATABASE, choice_title(database));
  }
  take_found({});
}

void SetupDialog::browse_folder() {
  const std::string folder =
      chosen_folder(window(), kWhereTo, control_text(window(), SETUP_FOLDER));
  if (!folder.empty()) show_folder(window(), {SETUP_PLACE, SETUP_FOLDER}, folder, roots_);
}

ChosenSettings SetupDialog::chosen() const {
  ChosenSettings chosen;
  const int place = choice(window(), SETUP_PLACE);
  chosen.in_onedrive = place >= 0 && static_cast<std::size_t>(place) < roots_.size();
  if (chosen.in_onedrive) chosen.account = roots_[static_cast<std::size_t>(place)].account;
  chosen.folder = control_text(window(), SETUP_FOLDER);
  const auto schedule = static_cast<std::size_t>(std::max(0, choice(window(), SETUP_SCHEDULE)));
  const ScheduleChoice& how_often = schedule_choices().at(schedule);
  chosen.schedule = how_often.kind;
  if (how_often.kind == ScheduleKind::Every) chosen.every = how_often.value;
  if (how_often.kind == ScheduleKind::Daily) chosen.daily = how_often.value;
  return chosen;
}

const DatabaseChoice* SetupDialog::database() const {
  const int index = choice(window(), SETUP_DATABASE);
  if (index < 0 || static_cast<std::size_t>(index) >= databases_.size()) return nullptr;
  return &databases_[static_cast<std::size_t>(index)];
}

void SetupDialog::on_command(int control, int event) {
  switch (control) {
    case IDCANCEL: end(stage_ == Stage::Ended ? IDOK : IDCANCEL); break;
    case SETUP_SKIP: end(SETUP_SKIP); break;
    case IDOK:
      if (stage_ == Stage::Ended) {
        end(IDOK);
      } else {
        add();
      }
      break;
    case SETUP_BROWSE_DATABASE: browse_database(); break;
    case SETUP_BROWSE_FOLDER: browse_folder(); break;
    case SETUP_DATABASE:
    case SETUP_PLACE:
      if (event == CBN_SELCHANGE) show_usual_folder();
      break;
    default: break;
  }
}

void SetupDialog::add() {
  if (database() == nullptr || stage_ != Stage::Choosing) return;
  stage_ = Stage::Adding;
  set_control_text(window(), SETUP_RESULT, "");
  show_stage();
  const json settings = new_dataset(*database(), chosen(), other_ids_);
  ask(method::kDatasetsAdd, {{"settings", settings}}, [this](const json& result) {
    overruled_ = overruled_sentence(result);
    back_up(result.at("dataset").get<std::string>());
  });
}

void SetupDialog::back_up(const std::string& dataset) {
  stage_ = Stage::BackingUp;
  set_control_text(window(), SETUP_RESULT, "The first backup is being made...");
  show_stage();
  ask(method::kBackupStart, {{"dataset", dataset}, {"reason", "first backup"}},
      [this](const json& result) {
        run_ = result.at("runs").at(0).at("run").get<std::uint64_t>();
        look_at_backup();
      });
}

void SetupDialog::look_at_backup() {
  ::KillTimer(window(), kRunTimer);
  ask(method::kBackupRun, {{"run", run_}}, [this](const json& result) { take_backup(result); });
}

void SetupDialog::take_backup(const json& report) {
  const FirstBackup backup = first_backup(report);
  is_good_ = backup.is_good;
  if (backup.has_ended) {
    stage_ = Stage::Ended;
  } else {
    ::SetTimer(window(), kRunTimer, kRunMilliseconds, nullptr);
  }
  ::SendDlgItemMessageW(window(), SETUP_PROGRESS, PBM_SETPOS,
                        static_cast<WPARAM>(backup.percent.value_or(0)), 0);
  const bool is_told = backup.has_ended && !overruled_.empty();
  set_control_text(window(), SETUP_RESULT,
                   is_told ? backup.sentence + ' ' + overruled_ : backup.sentence);
  show_stage();
}

void SetupDialog::show_stage() {
  const bool can_choose = stage_ == Stage::Choosing;
  for (const int control : {SETUP_DATABASE, SETUP_BROWSE_DATABASE, SETUP_PLACE, SETUP_FOLDER,
                            SETUP_BROWSE_FOLDER, SETUP_SCHEDULE, SETUP_SKIP}) {
    enable_control(window(), control, can_choose);
  }
  enable_control(window(), IDOK, stage_ == Stage::Ended || (can_choose && database() != nullptr));
  set_control_text(window(), IDOK, stage_ == Stage::Ended ? "Done" : "&Protect");
  set_control_text(window(), IDCANCEL, can_choose ? "Cancel" : "Close");
  ::ShowWindow(::GetDlgItem(window(), SETUP_PROGRESS),
               stage_ == Stage::BackingUp ? SW_SHOW : SW_HIDE);
  if (stage_ == Stage::Ended) ::SetFocus(::GetDlgItem(window(), IDOK));
}

}  // namespace holdfast
