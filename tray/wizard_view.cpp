#include "tray/wizard_view.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "tray/known_applications.h"

namespace holdfast {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestId = 60;  // of 64, so that a number has room

const KnownApplication* known(const DatabaseChoice& choice) {
  const auto& all = known_applications();
  const auto found = std::ranges::find(all, choice.application, &KnownApplication::id);
  return found == all.end() ? nullptr : &*found;
}

// Nothing when it begins with a token that leads nowhere.
std::optional<std::string> expanded(const std::string& path, const UserFolders& folders) {
  for (const auto& [token, folder] : folders) {
    if (path.starts_with(token) && !folder.empty()) return folder + path.substr(token.size());
  }
  if (path.starts_with('{')) return std::nullopt;
  return path;
}

// "clinic" of "C:\Data\clinic.db".
std::string stem_of(const std::string& path) {
  const std::size_t slash = path.find_last_of("\\/");
  const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  const std::size_t dot = name.rfind('.');
  return dot == std::string::npos || dot == 0 ? name : name.substr(0, dot);
}

std::string title_of(const DatabaseChoice& choice) {
  const KnownApplication* const application = known(choice);
  return application != nullptr ? application->title : stem_of(choice.database);
}

// As ids are written: [a-z0-9-].
std::string id_from(const std::string& name) {
  std::string id;
  for (const char letter : name) {
    const bool is_upper = letter >= 'A' && letter <= 'Z';
    const bool is_plain = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
    if (is_upper || is_plain) {
      id += is_upper ? static_cast<char>(letter - 'A' + 'a') : letter;
    } else if (!id.empty() && id.back() != '-') {
      id += '-';
    }
  }
  id = id.substr(0, kLongestId);
  while (id.ends_with('-')) id.pop_back();
  return id.empty() ? "database" : id;
}

std::string unused_id(const std::string& wanted, const std::vector<std::string>& others) {
  std::string id = wanted;
  for (int number = 2; std::ranges::count(others, id) > 0; ++number) {
    id = fmt::format("{}-{}", wanted, number);
  }
  return id;
}

// A folder's name on Windows has none of these, and no dot or blank at its end.
std::string folder_name(std::string name) {
  std::erase_if(name, [](char letter) {
    return std::string_view("<>:\"/\\|?*").find(letter) != std::string_view::npos;
  });
  while (name.ends_with('.') || name.ends_with(' ')) name.pop_back();
  return name.empty() ? "Database" : name;
}

std::string text_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

FirstBackup ended(const json& record) {
  FirstBackup backup{.has_ended = true, .is_good = record.at("outcome") == "verified"};
  if (backup.is_good) {
    backup.sentence =
        fmt::format("Backed up, read back and verified: {}", text_at(record, "archive"));
  } else {
    const std::string why = text_at(record, "sentence");
    backup.sentence = why.empty() ? "The first backup did not come to its end. Holdfast tries "
                                    "again by the schedule."
                                  : why;
  }
  return backup;
}

}  // namespace

std::vector<DatabaseChoice> places_to_look(const UserFolders& folders) {
  std::vector<DatabaseChoice> places;
  for (const KnownApplication& application : known_applications()) {
    for (const std::string& database : application.databases) {
      if (auto path = expanded(database, folders)) places.push_back({*path, application.id});
    }
  }
  return places;
}

std::string choice_title(const DatabaseChoice& choice) {
  const KnownApplication* const application = known(choice);
  return application == nullptr ? choice.database
                                : fmt::format("{}: {}", application->title, choice.database);
}

std::string usual_onedrive_folder(const DatabaseChoice& choice) {
  const KnownApplication* const application = known(choice);
  if (application != nullptr) return application->onedrive_folder;
  return fmt::format(R"(Apps\{}\Backups)", folder_name(title_of(choice)));
}

std::string usual_local_folder(const DatabaseChoice& choice, const UserFolders& folders) {
  const auto documents = folders.find("{documents}");
  return fmt::format(R"({}\Backups\{})",
                     documents == folders.end() ? "{documents}" : documents->second,
                     folder_name(title_of(choice)));
}

const std::vector<ScheduleChoice>& schedule_choices() {
  static const std::vector<ScheduleChoice> choices{
      {"Every 4 hours", ScheduleKind::Every, "4h"},
      {"Every hour", ScheduleKind::Every, "1h"},
      {"Every day at 12:30", ScheduleKind::Daily, "12:30"},
      {"Every day at 18:30", ScheduleKind::Daily, "18:30"},
      {"Only when I ask for it", ScheduleKind::Manual, ""}};
  return choices;
}

json new_dataset(const DatabaseChoice& choice, const ChosenSettings& chosen,
                 const std::vector<std::string>& other_ids) {
  const KnownApplication* const application = known(choice);
  json settings = application != nullptr ? application->settings : json::object();
  const std::string wanted =
      application != nullptr ? application->id : id_from(stem_of(choice.database));
  settings["id"] = unused_id(wanted, other_ids);
  settings["title"] = title_of(choice);
  settings["database"] = choice.database;
  settings["destination"] = destination_json(chosen);
  settings["schedule"] = schedule_json(chosen);
  return settings;
}

bool opens_by_itself(const std::optional<Status>& status, SetupSkipped skipped) {
  return skipped == SetupSkipped::No && status && status->phase == ServicePhase::Running &&
         status->datasets.empty() && status->faults.empty();
}

std::string overruled_sentence(const json& added) {
  bool is_place = false;
  bool is_schedule = false;
  const json keys = added.value("overruled", json::array());
  for (const json& key : keys) {
    const auto& text = key.get_ref<const std::string&>();
    is_place = is_place || text.starts_with("destination.");
    is_schedule = is_schedule || text.starts_with("schedule.");
  }
  if (is_place && is_schedule) {
    return "Your organisation has set where its backups go, and when they are made.";
  }
  if (is_place) return "Your organisation has set where its backups go.";
  if (is_schedule) return "Your organisation has set when its backups are made.";
  return {};
}

FirstBackup first_backup(const json& report) {
  const auto& state = report.at("state").get_ref<const std::string&>();
  if (state == "ended") return ended(report.at("record"));
  FirstBackup backup{.sentence = "The first backup is being made..."};
  const auto total = report.value("total_bytes", std::uint64_t{0});
  const auto done = report.value("done_bytes", std::uint64_t{0});
  if (total > 0) {
    backup.percent = static_cast<int>(100.0 * static_cast<double>(std::min(done, total)) /
                                      static_cast<double>(total));
  }
  return backup;
}

}  // namespace holdfast
