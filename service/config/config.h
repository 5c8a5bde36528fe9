#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "service/health/counts_alarm.h"
#include "service/retention/retention.h"
#include "service/schedule/schedule.h"

namespace holdfast {

// Paths are as they were written, with tokens (path_tokens.h); '/' and '\' both separate folders.
struct OneDriveDestination {
  std::string folder;   // inside the user's OneDrive
  std::string account;  // "personal", "business1"...; empty: the only one there is
};
struct FolderDestination {
  std::string folder;
};
using Destination = std::variant<OneDriveDestination, FolderDestination>;

// What starts a backup beside the schedule.
struct Trigger {
  enum class Kind { Startup, SignOut, Shutdown, AppStarts, AppCloses, QueryChanges };

  Kind kind = Kind::Startup;
  std::string subject;  // the program of AppStarts and AppCloses, the SQL of QueryChanges

  bool operator==(const Trigger&) const = default;
};

enum class Notify { Failures, All, Never };

struct Dataset {
  std::string id;
  std::string title;
  bool enabled = true;
  std::string database;
  std::vector<std::string> include;
  Destination destination;
  Schedule schedule = Every{};
  std::vector<Trigger> triggers;
  RetentionPolicy keep;
  std::map<std::string, std::string> counts;  // name -> SQL
  std::chrono::seconds stale_after = std::chrono::hours(24);
  std::chrono::seconds waiting_limit = std::chrono::hours(24);
  int alarm_on_drop_percent = kAlarmOnDropPercent;
  std::optional<std::chrono::seconds> drill_every = std::chrono::days(7);  // nothing: never
  int retries = 3;  // of a backup whose database is busy, after 1, 2, 4... seconds
  Notify notify = Notify::Failures;
};

struct Config {
  std::vector<Dataset> datasets;
};

// Whether it exists once for each signed-in user and runs with that user's rights: its database or
// its destination lies in a folder of the user, or its archives go to the user's OneDrive.
bool is_per_user(const Dataset& dataset);

}  // namespace holdfast
