#include "tray/settings_view.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "common/relative_time.h"

namespace holdfast {
namespace {

using nlohmann::json;

constexpr std::string_view kOfMachine =
    "This dataset belongs to the computer. An administrator changes it, in config.json or by "
    "policy.";
constexpr std::string_view kNotConfigured =
    "The configuration that this dataset stands in has faults. An administrator has to mend it.";
constexpr std::string_view kByPolicy = "Your organisation has set this by policy.";

// Which key of a dataset is shown where.
constexpr std::array<std::pair<std::string_view, SettingsField>, 6> kFields{
    {{"enabled", SettingsField::Enabled},
     {"database", SettingsField::Database},
     {"destination", SettingsField::Destination},
     {"schedule", SettingsField::Schedule},
     {"keep", SettingsField::Keep},
     {"notify", SettingsField::Notify}}};

// Keys that have no field here, but begin a fault of their own all the same.
constexpr std::array<std::string_view, 10> kOtherKeys{
    "id",          "title",         "include",       "triggers",    "counts",
    "stale_after", "waiting_limit", "alarm_on_drop", "drill_every", "retries"};

std::string text_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string id_of(std::string_view key) {
  return std::string(key.substr(0, key.find('@')));
}

// The part of a key before its first '.' or '['.
std::string_view first_part(std::string_view key) {
  return key.substr(0, key.find_first_of(".["));
}

SettingsField field_of(std::string_view key) {
  const auto* const found = std::ranges::find(kFields, first_part(key),
                                              &std::pair<std::string_view, SettingsField>::first);
  return found == kFields.end() ? SettingsField::General : found->second;
}

bool is_key(std::string_view word) {
  const std::string_view part = first_part(word);
  return field_of(word) != SettingsField::General || std::ranges::count(kOtherKeys, part) > 0;
}

// Of the machine, or of the user whose dataset it is; the machine's may exist once for each user.
const json* configured(const json& config, const std::string& key, const std::string& owner) {
  const json* of_machine = nullptr;
  for (const json& dataset : config) {
    if (dataset.at("id") != id_of(key)) continue;
    if (dataset.at("owner") == owner) return &dataset;
    if (text_at(dataset, "owner").empty()) of_machine = &dataset;
  }
  return of_machine;
}

void take_setting(DatasetSettings& dataset, const std::string& key, const json& value) {
  ChosenSettings& stored = dataset.stored;
  if (key == "enabled") stored.enabled = value.get<bool>();
  if (key == "database") stored.database = value.get<std::string>();
  if (key == "destination.onedrive" || key == "destination.folder") {
    stored.in_onedrive = key == "destination.onedrive";
    stored.folder = value.get<std::string>();
  }
  if (key == "destination.account") stored.account = value.get<std::string>();
  if (key == "schedule" && value.is_object()) {  // as it is unless somebody says another
    stored.every = value.at("every").get<std::string>();
  }
  if (key == "schedule.every") {
    stored.schedule = ScheduleKind::Every;
    stored.every = value.get<std::string>();
  }
  if (key == "schedule.daily") {
    stored.schedule = ScheduleKind::Daily;
    stored.daily = value.get<std::string>();
  }
  if (key == "schedule.manual") stored.schedule = ScheduleKind::Manual;
  if (key == "keep.last") stored.keep_last = value.dump();
  if (key == "notify") stored.notify = value.get<std::string>();
}

void take_settings(DatasetSettings& dataset, const json& settings) {
  dataset.keep = json::object();
  for (const json& setting : settings) {
    const auto& key = setting.at("key").get_ref<const std::string&>();
    const auto& origin = setting.at("origin").get_ref<const std::string&>();
    take_setting(dataset, key, setting.at("value"));
    constexpr std::string_view kKeep = "keep.";
    const bool is_shown = !key.starts_with(kKeep) || key == "keep.last";
    if (origin == "policy" && is_shown) dataset.locked_fields[field_of(key)] = kByPolicy;
    if (key.starts_with(kKeep) && origin == "user") {
      dataset.keep[key.substr(kKeep.size())] = setting.at("value");
    }
    if (key == "stale_after" && origin == "user") {
      dataset.stale_after = setting.at("value").get<std::string>();
    }
  }
  dataset.locked_fields.erase(SettingsField::General);
}

std::string times_of(const Status& status, const std::string& key, Time now) {
  const auto found = std::ranges::find(status.datasets, key, &DatasetStatus::id);
  if (found == status.datasets.end()) return "It is not protected now.";
  std::string times = found->archived_at
                          ? fmt::format("Last backup {}.", ago_text(*found->archived_at, now))
                          : std::string("There is no backup yet.");
  times += found->next_run ? fmt::format(" Next backup {}.", until_text(*found->next_run, now))
                           : std::string(" The next backup is made when it is asked for.");
  return times;
}

DatasetSettings dataset_settings(const json& listed, const SettingsAnswers& answers, Time now) {
  DatasetSettings dataset{.key = listed.at("dataset").get<std::string>(),
                          .title = listed.at("title").get<std::string>(),
                          .folder = text_at(listed, "destination")};
  dataset.times = times_of(answers.status, dataset.key, now);
  const std::string owner = text_at(listed, "owner");
  const json* const found = configured(answers.config, dataset.key, owner);
  if (found == nullptr) {
    dataset.stored.enabled = listed.at("enabled").get<bool>();
    dataset.stored.database = text_at(listed, "database");
    dataset.stored.folder = dataset.folder;
    dataset.locked = kNotConfigured;
  } else {
    take_settings(dataset, found->at("settings"));
    const bool is_of_machine = text_at(*found, "owner").empty();
    if (is_of_machine) dataset.locked = kOfMachine;
  }
  dataset.chosen = dataset.stored;
  if (const std::string problem = text_at(listed, "problem"); !problem.empty()) {
    dataset.faults[SettingsField::General] = problem;
  }
  return dataset;
}

// A number where it is one; else what was typed, for the service to say what is wrong with it.
json number_or_text(const std::string& text) {
  int number = 0;
  const char* const end = text.data() + text.size();
  const auto [last, failed] = std::from_chars(text.data(), end, number);
  if (failed == std::errc() && last == end) return number;
  return text;
}

json keep_json(const DatasetSettings& dataset) {
  json keep = dataset.keep;
  keep["last"] = number_or_text(dataset.chosen.keep_last);
  return keep;
}

// "36h" as the configuration has durations; nothing for what is none.
std::optional<std::chrono::minutes> duration(std::string_view text) {
  constexpr std::array<std::pair<char, int>, 3> kUnits{{{'m', 1}, {'h', 60}, {'d', 24 * 60}}};
  for (const auto& [letter, minutes] : kUnits) {
    if (!text.ends_with(letter)) continue;
    const json number = number_or_text(std::string(text.substr(0, text.size() - 1)));
    if (number.is_number()) return std::chrono::minutes(number.get<std::int64_t>() * minutes);
  }
  return std::nullopt;
}

// There is no field for when a backup is too old. A time that is shorter than the schedule would
// have the schedule refused; without it the service goes by the schedule.
bool is_too_short(const std::string& stale_after, const ChosenSettings& chosen) {
  if (stale_after.empty() || chosen.schedule == ScheduleKind::Manual) return false;
  const bool is_daily = chosen.schedule == ScheduleKind::Daily;
  const auto interval = duration(is_daily ? "1d" : chosen.every);
  const auto stale = duration(stale_after);
  return interval && stale && *stale < *interval;
}

// Where the next fault begins: a known key at a word's begin, with ": " behind it.
std::size_t next_fault(std::string_view text, std::size_t from) {
  for (std::size_t colon = text.find(": ", from); colon != std::string_view::npos;
       colon = text.find(": ", colon + 1)) {
    const std::size_t blank = text.rfind(' ', colon);
    const std::size_t begin = blank == std::string_view::npos ? 0 : blank + 1;
    if (begin >= from && is_key(text.substr(begin, colon - begin))) return begin;
  }
  return text.size();
}

}  // namespace

std::string root_title(const CloudRootChoice& root) {
  if (!root.email.empty()) return "OneDrive - " + root.email;
  return root.account.empty() ? "OneDrive - " + root.folder : "OneDrive - " + root.account;
}

std::vector<CloudRootChoice> cloud_root_choices(const json& answer) {
  std::vector<CloudRootChoice> choices;
  for (const json& root : answer.at("roots")) {
    choices.push_back({text_at(root, "account"), text_at(root, "email"), text_at(root, "folder")});
  }
  return choices;
}

std::optional<std::string> path_inside(std::string_view folder, std::string_view path) {
  const auto folded = [](char letter) {
    if (letter == '/') return '\\';
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  };
  const bool begins = path.size() > folder.size() &&
                      std::ranges::equal(folder, path.substr(0, folder.size()), {}, folded, folded);
  if (folder.empty() || !begins || folded(path[folder.size()]) != '\\') return std::nullopt;
  path.remove_prefix(folder.size() + 1);
  if (path.empty()) return std::nullopt;
  return std::string(path);
}

std::vector<DatasetSettings> settings_view(const SettingsAnswers& answers, Time now) {
  std::vector<DatasetSettings> all;
  for (const json& listed : answers.datasets) {
    all.push_back(dataset_settings(listed, answers, now));
  }
  return all;
}

json destination_json(const ChosenSettings& chosen) {
  if (!chosen.in_onedrive) return {{"folder", chosen.folder}};
  json destination = {{"onedrive", chosen.folder}};
  if (!chosen.account.empty()) destination["account"] = chosen.account;
  return destination;
}

json schedule_json(const ChosenSettings& chosen) {
  switch (chosen.schedule) {
    case ScheduleKind::Every: return {{"every", chosen.every}};
    case ScheduleKind::Daily: return {{"daily", chosen.daily}};
    case ScheduleKind::Manual: break;
  }
  return {{"manual", true}};
}

json changed_settings(const DatasetSettings& dataset) {
  const ChosenSettings& before = dataset.stored;
  const ChosenSettings& after = dataset.chosen;
  json settings = json::object();
  if (after.enabled != before.enabled) settings["enabled"] = after.enabled;
  if (after.database != before.database) settings["database"] = after.database;
  if (destination_json(after) != destination_json(before)) {
    settings["destination"] = destination_json(after);
  }
  if (schedule_json(after) != schedule_json(before)) {
    settings["schedule"] = schedule_json(after);
    if (is_too_short(dataset.stale_after, after)) settings["stale_after"] = nullptr;
  }
  if (after.keep_last != before.keep_last) settings["keep"] = keep_json(dataset);
  if (after.notify != before.notify) settings["notify"] = after.notify;
  return settings;
}

std::map<SettingsField, std::string> field_faults(const Error& refusal) {
  std::map<SettingsField, std::string> faults;
  const std::string text = refusal.what();
  const auto add = [&faults](SettingsField field, std::string_view sentence) {
    while (sentence.ends_with(' ')) sentence.remove_suffix(1);
    if (sentence.empty()) return;
    std::string& told = faults[field];
    told.append(told.empty() ? "" : " ").append(sentence);
  };
  std::size_t begin = next_fault(text, 0);
  add(SettingsField::General, std::string_view(text).substr(0, begin));
  while (begin < text.size()) {
    const std::size_t colon = text.find(": ", begin);
    const std::size_t end = next_fault(text, colon + 2);
    const std::string_view key = std::string_view(text).substr(begin, colon - begin);
    const SettingsField field = field_of(key);
    const std::size_t first = field == SettingsField::General ? begin : colon + 2;
    add(field, std::string_view(text).substr(first, end - first));
    begin = end;
  }
  return faults;
}

}  // namespace holdfast
