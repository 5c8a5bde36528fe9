#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/clock.h"
#include "common/error.h"
#include "common/protocol/messages.h"

namespace holdfast {

// The settings of datasets as a user sees and changes them. Pure: what the service has answered
// becomes fields, and fields become what is asked of it; no windows.

// What a fault of the service is shown at; General is whatever has no field of its own.
enum class SettingsField { General, Enabled, Database, Destination, Schedule, Keep, Notify };

struct CloudRootChoice {
  std::string account;  // as destinations name it; empty where it is not certain
  std::string email;
  std::string folder;
};
// "OneDrive - anna@example.org", for a list to choose from.
std::string root_title(const CloudRootChoice& root);
// What cloud.roots has answered.
std::vector<CloudRootChoice> cloud_root_choices(const nlohmann::json& answer);

// Where a folder lies in another, "Apps\\Backups" of "C:\\OneDrive\\Apps\\Backups"; nothing when it
// does not.
std::optional<std::string> path_inside(std::string_view folder, std::string_view path);

enum class ScheduleKind { Every, Daily, Manual };

// What can be chosen, as text where people type it: what is wrong with that, the service says.
struct ChosenSettings {
  bool enabled = true;
  std::string database;
  bool in_onedrive = false;
  std::string account;  // of OneDrive
  std::string folder;   // inside OneDrive, or anywhere
  ScheduleKind schedule = ScheduleKind::Every;
  std::string every = "4h";
  std::string daily = "18:30";
  std::string keep_last = "10";
  std::string notify = "failures";

  bool operator==(const ChosenSettings&) const = default;
};

struct DatasetSettings {
  std::string key;  // what the protocol calls it
  std::string title;
  ChosenSettings stored;
  ChosenSettings chosen;
  std::string times;   // "Last backup 2 hours ago. Next backup in 2 hours."
  std::string folder;  // where its archives lie, to be opened; empty where it is not known
  std::string locked;  // why nothing of it can be changed here; empty when it can
  // Why a field cannot be changed although others can.
  std::map<SettingsField, std::string> locked_fields;
  std::map<SettingsField, std::string> faults;
  nlohmann::json keep;      // what its configuration says of keeping
  std::string stale_after;  // as its own configuration sets it; empty where that does not

  bool is_changed() const { return chosen != stored; }
};

// All that the service was asked when settings are shown; each list in one piece.
struct SettingsAnswers {
  nlohmann::json datasets;  // of datasets.list
  nlohmann::json config;    // the datasets of config.get
  Status status;
};

// In the order of datasets.list. Throws nlohmann::json::exception for answers that are none.
std::vector<DatasetSettings> settings_view(const SettingsAnswers& answers, Time now);

// What datasets.change is to be told: the keys that are different, and no others.
nlohmann::json changed_settings(const DatasetSettings& dataset);

// What the service says against settings, at the fields that it is about, word by word. Nothing of
// it is lost: what names no field is General.
std::map<SettingsField, std::string> field_faults(const Error& refusal);

nlohmann::json destination_json(const ChosenSettings& chosen);
nlohmann::json schedule_json(const ChosenSettings& chosen);

}  // namespace holdfast
