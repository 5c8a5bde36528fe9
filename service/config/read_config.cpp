#include "service/config/read_config.h"

#include <algorithm>
#include <array>
#include <utility>

#include "service/config/config_values.h"
#include "service/config/dataset_check.h"
#include "service/config/path_tokens.h"
#include "service/config/shape_check.h"

namespace holdfast {
namespace {

constexpr std::string_view kNever = "never";

void take_text(const JsonNode& object, std::string_view key, std::string& into) {
  if (const JsonNode* value = object.find(key)) into = value->text;
}

void take_number(const JsonNode& object, std::string_view key, int& into) {
  if (const JsonNode* value = object.find(key)) into = static_cast<int>(*value->integer);
}

void take_duration(const JsonNode& object, std::string_view key, std::chrono::seconds& into) {
  if (const JsonNode* value = object.find(key)) into = *duration_from(value->text);
}

Destination destination_from(const JsonNode& object) {
  if (const JsonNode* folder = object.find("folder")) return FolderDestination{folder->text};
  OneDriveDestination destination;
  take_text(object, "onedrive", destination.folder);
  take_text(object, "account", destination.account);
  return destination;
}

Trigger trigger_from(const JsonNode& value) {
  using Kind = Trigger::Kind;
  constexpr std::array<std::pair<std::string_view, Kind>, 6> kKinds{
      {{"startup", Kind::Startup},
       {"sign-out", Kind::SignOut},
       {"shutdown", Kind::Shutdown},
       {"app_starts", Kind::AppStarts},
       {"app_closes", Kind::AppCloses},
       {"query_changes", Kind::QueryChanges}}};
  const bool word = value.kind == JsonNode::Kind::Text;
  const std::string& name = word ? value.text : value.members.front().key;
  const auto* found = std::find_if(kKinds.begin(), kKinds.end(),
                                   [&name](const auto& kind) { return kind.first == name; });
  return {found->second, word ? std::string() : value.members.front().value.text};
}

RetentionPolicy keep_from(const JsonNode& object) {
  RetentionPolicy keep;
  take_number(object, "last", keep.last);
  take_number(object, "daily", keep.daily);
  take_number(object, "weekly", keep.weekly);
  take_number(object, "monthly", keep.monthly);
  take_number(object, "safety", keep.safety);
  return keep;
}

Notify notify_from(std::string_view word) {
  if (word == "all") return Notify::All;
  return word == kNever ? Notify::Never : Notify::Failures;
}

void take_what_is_protected(const JsonNode& object, Dataset& dataset) {
  take_text(object, "id", dataset.id);
  dataset.title = dataset.id;
  take_text(object, "title", dataset.title);
  take_text(object, "database", dataset.database);
  if (const JsonNode* enabled = object.find("enabled")) dataset.enabled = enabled->boolean;
  if (const JsonNode* include = object.find("include")) {
    for (const JsonMember& item : include->members) dataset.include.push_back(item.value.text);
  }
  if (const JsonNode* counts = object.find("counts")) {
    for (const JsonMember& count : counts->members) dataset.counts[count.key] = count.value.text;
  }
}

void take_watching(const JsonNode& object, Dataset& dataset) {
  dataset.stale_after = default_stale_after(dataset.schedule);
  take_duration(object, "stale_after", dataset.stale_after);
  take_duration(object, "waiting_limit", dataset.waiting_limit);
  if (const JsonNode* drop = object.find("alarm_on_drop")) {
    dataset.alarm_on_drop_percent = *percentage_from(drop->text);
  }
  if (const JsonNode* drill = object.find("drill_every")) {
    dataset.drill_every = duration_from(drill->text);
  }
  take_number(object, "retries", dataset.retries);
  if (const JsonNode* notify = object.find("notify")) dataset.notify = notify_from(notify->text);
}

}  // namespace

bool is_per_user(const Dataset& dataset) {
  const auto* folder = std::get_if<FolderDestination>(&dataset.destination);
  return folder == nullptr || has_per_user_token(folder->folder) ||
         has_per_user_token(dataset.database);
}

std::optional<Schedule> schedule_from(const JsonNode* object) {
  if (object == nullptr) return Every{};
  if (const JsonNode* every = object->find("every")) {
    const auto interval = duration_from(every->text);
    return interval ? std::optional<Schedule>(Every{*interval}) : std::nullopt;
  }
  if (const JsonNode* daily = object->find("daily")) {
    const auto time = time_of_day_from(daily->text);
    return time ? std::optional<Schedule>(Daily{*time}) : std::nullopt;
  }
  return object->find("manual") != nullptr ? std::optional<Schedule>(Manual{}) : std::nullopt;
}

std::optional<std::chrono::seconds> interval_of(const std::optional<Schedule>& schedule) {
  if (!schedule) return std::nullopt;
  if (const auto* every = std::get_if<Every>(&*schedule)) return every->interval;
  if (std::holds_alternative<Daily>(*schedule)) return std::chrono::hours(24);
  return std::nullopt;
}

std::chrono::seconds default_stale_after(const Schedule& schedule) {
  const std::chrono::seconds day = std::chrono::hours(24);
  return std::max(day, interval_of(schedule).value_or(day / 2) * 3 / 2);
}

Dataset dataset_from(const JsonNode& object) {
  Dataset dataset;
  take_what_is_protected(object, dataset);
  dataset.destination = destination_from(*object.find("destination"));
  dataset.schedule = *schedule_from(object.find("schedule"));
  if (const JsonNode* triggers = object.find("triggers")) {
    for (const JsonMember& item : triggers->members) {
      dataset.triggers.push_back(trigger_from(item.value));
    }
  }
  if (const JsonNode* keep = object.find("keep")) dataset.keep = keep_from(*keep);
  take_watching(object, dataset);
  return dataset;
}

ConfigReading read_config(const JsonNode& root) {
  ConfigReading reading{.faults = shape_faults(root)};
  for (ConfigFault& fault : dataset_faults(root)) reading.faults.push_back(std::move(fault));
  std::stable_sort(
      reading.faults.begin(), reading.faults.end(),
      [](const ConfigFault& one, const ConfigFault& other) { return one.place < other.place; });
  if (!reading.is_good()) return reading;
  for (const JsonMember& item : root.find("datasets")->members) {
    reading.config.datasets.push_back(dataset_from(item.value));
  }
  return reading;
}

ConfigReading read_config(std::string_view text) {
  JsonTree tree = parse_json_tree(text);
  if (tree.fault) return {.faults = {*std::move(tree.fault)}};
  return read_config(tree.root);
}

}  // namespace holdfast
