#include "service/config/config_keys.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "service/schedule/schedule.h"

namespace holdfast {
namespace {

using Kind = ValueKind;

constexpr std::int64_t seconds(std::chrono::seconds duration) {
  return duration.count();
}
constexpr std::int64_t kMinute = seconds(kShortestInterval);
constexpr std::int64_t kHour = seconds(std::chrono::hours(1));
constexpr std::int64_t kMonth = seconds(std::chrono::days(31));
constexpr std::int64_t kYear = seconds(std::chrono::days(366));
constexpr std::int64_t kPathCharacters = 1000;
constexpr std::int64_t kQueryCharacters = 4000;

constexpr std::array<std::string_view, 2> kDestinations{"onedrive", "folder"};
constexpr std::array<std::string_view, 3> kSchedules{"every", "daily", "manual"};
constexpr std::array<std::string_view, 3> kTriggerWords{"startup", "sign-out", "shutdown"};
constexpr std::array<std::string_view, 3> kTriggerKeys{"app_starts", "app_closes", "query_changes"};
constexpr std::array<std::string_view, 10> kAccounts{
    "personal",  "business1", "business2", "business3", "business4",
    "business5", "business6", "business7", "business8", "business9"};
constexpr std::array<std::string_view, 3> kNotify{"failures", "all", "never"};

constexpr std::string_view kDataset =
    R"({"id": "clinic", "database": "C:\\Clinic\\clinic.db", "destination": {"folder": "E:\\Backups"}})";
constexpr std::string_view kDatabase = R"("{localappdata}\\DocAssist\\data\\clinic.db")";
constexpr std::string_view kQuery = R"("SELECT count(*) FROM patients")";

constexpr std::array kKeys{
    ConfigKey{"$schema", Kind::Text, R"("./holdfast.schema.json")", {}, false, 1, kPathCharacters},
    ConfigKey{"version", Kind::Integer, "1", {}, true, 1, 1},
    ConfigKey{"datasets", Kind::List, "[]", {}, true, 0, 200},
    ConfigKey{"datasets[]", Kind::Object, kDataset},
    ConfigKey{"datasets[].id", Kind::DatasetId, R"("docassist-emr")", {}, true, 1, 64},
    ConfigKey{"datasets[].title", Kind::Text, R"("DocAssist EMR")", {}, false, 1, 100},
    ConfigKey{"datasets[].enabled", Kind::Boolean, "false", "true"},
    ConfigKey{"datasets[].database", Kind::FilePath, kDatabase, {}, true, 1, kPathCharacters},
    ConfigKey{"datasets[].include", Kind::List, R"(["chroma/**"])", "[]", false, 0, 100},
    ConfigKey{"datasets[].include[]", Kind::IncludePattern, R"("chroma/**")", {}, false, 1, 260},
    ConfigKey{"datasets[].destination",
              Kind::OneOf,
              R"({"onedrive": "Apps\\DocAssist\\Backups"})",
              {},
              true,
              0,
              0,
              kDestinations},
    ConfigKey{"datasets[].destination.onedrive",
              Kind::OneDriveFolder,
              R"("Apps\\DocAssist\\Backups")",
              {},
              false,
              1,
              400},
    ConfigKey{"datasets[].destination.account",
              Kind::Choice,
              R"("personal")",
              {},
              false,
              0,
              0,
              kAccounts},
    ConfigKey{"datasets[].destination.folder",
              Kind::FolderPath,
              R"("E:\\Backups")",
              {},
              false,
              1,
              kPathCharacters},
    ConfigKey{"datasets[].schedule", Kind::OneOf, R"({"every": "4h"})", R"({"every": "4h"})", false,
              0, 0, kSchedules},
    ConfigKey{"datasets[].schedule.every", Kind::Duration, R"("4h")", {}, false, kMinute, kMonth},
    ConfigKey{"datasets[].schedule.daily", Kind::TimeOfDay, R"("18:30")"},
    ConfigKey{"datasets[].schedule.manual", Kind::True, "true"},
    ConfigKey{"datasets[].triggers", Kind::List, R"(["startup"])", "[]", false, 0, 20},
    ConfigKey{
        "datasets[].triggers[]", Kind::Trigger, R"("startup")", {}, false, 0, 0, kTriggerKeys},
    ConfigKey{
        "datasets[].triggers[].app_starts", Kind::Program, R"("DocAssist.exe")", {}, false, 1, 100},
    ConfigKey{
        "datasets[].triggers[].app_closes", Kind::Program, R"("DocAssist.exe")", {}, false, 1, 100},
    ConfigKey{"datasets[].triggers[].query_changes",
              Kind::Query,
              R"("SELECT count(*) FROM shifts WHERE shift_end IS NOT NULL")",
              {},
              false,
              1,
              kQueryCharacters},
    ConfigKey{"datasets[].keep", Kind::Object, R"({"last": 10, "daily": 7})"},
    ConfigKey{"datasets[].keep.last", Kind::Integer, "10", "10", false, 1, 1000},
    ConfigKey{"datasets[].keep.daily", Kind::Integer, "7", "0", false, 0, 1000},
    ConfigKey{"datasets[].keep.weekly", Kind::Integer, "4", "0", false, 0, 1000},
    ConfigKey{"datasets[].keep.monthly", Kind::Integer, "12", "0", false, 0, 1000},
    ConfigKey{"datasets[].keep.safety", Kind::Integer, "5", "5", false, 1, 1000},
    ConfigKey{"datasets[].counts", Kind::Map, R"({"patients": "SELECT count(*) FROM patients"})",
              "{}", false, 0, 50},
    ConfigKey{"datasets[].counts{}", Kind::Query, kQuery, {}, false, 1, kQueryCharacters},
    ConfigKey{"datasets[].stale_after", Kind::Duration, R"("24h")", R"("24h")", false, kMinute,
              kYear},
    ConfigKey{"datasets[].waiting_limit", Kind::Duration, R"("24h")", R"("24h")", false, kMinute,
              kYear},
    ConfigKey{"datasets[].alarm_on_drop", Kind::Percentage, R"("20%")", R"("20%")", false, 0, 100},
    ConfigKey{"datasets[].drill_every", Kind::DurationOrNever, R"("7d")", R"("7d")", false, kHour,
              kYear},
    ConfigKey{"datasets[].retries", Kind::Integer, "3", "3", false, 0, 10},
    ConfigKey{"datasets[].notify", Kind::Choice, R"("failures")", R"("failures")", false, 0, 0,
              kNotify},
};

constexpr std::string_view kSteps = ".[{";

}  // namespace

std::string_view ConfigKey::name() const {
  return path.substr(path.rfind('.') + 1);
}

std::span<const ConfigKey> config_keys() {
  return kKeys;
}

const ConfigKey* find_key(std::string_view path) {
  const auto found = std::find_if(kKeys.begin(), kKeys.end(),
                                  [path](const ConfigKey& key) { return key.path == path; });
  return found == kKeys.end() ? nullptr : &*found;
}

bool is_child(const ConfigKey& key, std::string_view parent) {
  if (!key.path.starts_with(parent)) return false;
  std::string_view rest = key.path.substr(parent.size());
  if (!parent.empty()) {
    if (!rest.starts_with('.')) return false;
    rest.remove_prefix(1);
  }
  return rest.find_first_of(kSteps) == std::string_view::npos;
}

std::span<const std::string_view> trigger_words() {
  return kTriggerWords;
}

bool is_policy(const ConfigKey& key) {
  constexpr std::string_view kPrefix = "datasets[].";
  if (!key.path.starts_with(kPrefix)) return false;
  const std::string_view rest = key.path.substr(kPrefix.size());
  if (rest == "id" || rest == "title" || rest == "database") return false;
  if (rest.find_first_of("[{") != std::string_view::npos) return false;
  const bool holds_others = key.kind == Kind::Object || key.kind == Kind::OneOf ||
                            key.kind == Kind::List || key.kind == Kind::Map;
  return !holds_others;
}

}  // namespace holdfast
