#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/protocol/messages.h"
#include "tray/settings_view.h"

namespace holdfast {

// What the first set-up offers, and what it makes of the answers. Pure: no windows, no disk.

// Where the tokens of the configuration lead for the user: "{documents}" -> "C:\...".
using UserFolders = std::map<std::string, std::string>;

// A database that can be protected.
struct DatabaseChoice {
  std::string database;
  std::string application;  // the id of a known one; empty for any other

  bool operator==(const DatabaseChoice&) const = default;
};

// Where databases of known applications may lie; whether they do is for others to see.
std::vector<DatabaseChoice> places_to_look(const UserFolders& folders);

// "DocAssist EMR: C:\...\clinic.db", for a list to choose from.
std::string choice_title(const DatabaseChoice& choice);

// Where its archives go unless the user says otherwise: inside OneDrive, or below the user's
// documents.
std::string usual_onedrive_folder(const DatabaseChoice& choice);
std::string usual_local_folder(const DatabaseChoice& choice, const UserFolders& folders);

struct ScheduleChoice {
  std::string_view title;
  ScheduleKind kind;
  std::string_view value;
};
// The first is the usual one.
const std::vector<ScheduleChoice>& schedule_choices();

// The settings for datasets.add. Of `chosen` the database is not looked at. The id is one that
// none of the others has.
nlohmann::json new_dataset(const DatabaseChoice& choice, const ChosenSettings& chosen,
                           const std::vector<std::string>& other_ids);

// Whether the set-up opens by itself: when the service has said that it protects nothing, and the
// user has not said to be left alone.
enum class SetupSkipped { No, Yes };
bool opens_by_itself(const std::optional<Status>& status, SetupSkipped skipped);

// What the user is told where policies have set something otherwise than asked for: a sentence for
// the keys in the answer of datasets.add; empty where they have not.
std::string overruled_sentence(const nlohmann::json& added);

// How the first backup stands, or how it ended, in a sentence; of what backup.run and backup.wait
// answer.
struct FirstBackup {
  std::string sentence;
  std::optional<int> percent;
  bool has_ended = false;
  bool is_good = false;
};
FirstBackup first_backup(const nlohmann::json& report);

}  // namespace holdfast
