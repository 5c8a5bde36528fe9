#include "service/config/dataset_check.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "service/config/config_keys.h"
#include "service/config/config_values.h"
#include "service/config/path_rules.h"
#include "service/config/read_config.h"
#include "service/config/shape_check.h"

namespace holdfast {
namespace {

using Kind = JsonNode::Kind;

// The value of that key, if it is there and good.
const JsonNode* good(const JsonNode& object, std::string_view name, std::string_view key_path) {
  const JsonNode* value = object.find(name);
  return value != nullptr && !value_fault(*find_key(key_path), *value) ? value : nullptr;
}

std::vector<std::string> include_patterns(const JsonNode& dataset) {
  std::vector<std::string> patterns;
  const JsonNode* list = dataset.find("include");
  if (list == nullptr || list->kind != Kind::List) return patterns;
  const ConfigKey& key = *find_key("datasets[].include[]");
  for (const JsonMember& item : list->members) {
    if (!value_fault(key, item.value)) patterns.push_back(item.value.text);
  }
  return patterns;
}

// The time between two backups; nothing as long as the schedule is not good.
std::optional<std::chrono::seconds> good_interval(const JsonNode& dataset) {
  const JsonNode* schedule = dataset.find("schedule");
  const bool has_every = schedule != nullptr && schedule->find("every") != nullptr;
  if (has_every && good(*schedule, "every", "datasets[].schedule.every") == nullptr) {
    return std::nullopt;
  }
  return interval_of(schedule_from(schedule));
}

class DatasetCheck {
 public:
  void check(const JsonNode& dataset, std::string path) {
    path_ = std::move(path);
    check_single(ids_, good(dataset, "id", "datasets[].id"), "id", "Another dataset has this id");
    check_single(databases_, good(dataset, "database", "datasets[].database"), "database",
                 "Another dataset protects this database");
    check_destination(dataset);
    check_times(dataset);
  }

  std::vector<ConfigFault> take() { return std::move(faults_); }

 private:
  using Seen = std::map<std::string, std::string>;  // what must be there once -> where it was

  void add(std::string_view key, JsonPlace place, std::string sentence) {
    faults_.push_back({fmt::format("{}.{}", path_, key), place, std::move(sentence)});
  }

  void check_single(Seen& seen, const JsonNode* value, std::string_view key,
                    std::string_view trouble) {
    if (value == nullptr) return;
    const auto [first, is_new] = seen.emplace(folded_path(value->text), path_);
    if (!is_new) add(key, value->place, fmt::format("{}: {}.", trouble, first->second));
  }

  void check_destination(const JsonNode& dataset) {
    const JsonNode* destination = dataset.find("destination");
    if (destination == nullptr) return;
    const JsonNode* account = destination->find("account");
    if (account != nullptr && destination->find("folder") != nullptr) {
      add("destination.account", account->place, "Only \"onedrive\" has an account; remove it.");
    }
    const JsonNode* folder = good(*destination, "folder", "datasets[].destination.folder");
    const JsonNode* database = good(dataset, "database", "datasets[].database");
    const JsonNode* id = good(dataset, "id", "datasets[].id");
    if (folder == nullptr || database == nullptr) return;
    const auto fault = destination_fault(id != nullptr ? id->text : "dataset", database->text,
                                         folder->text, include_patterns(dataset));
    if (fault) {
      add("destination.folder", folder->place, fmt::format("{} {}.", shown(*folder), *fault));
    }
  }

  void check_times(const JsonNode& dataset) {
    if (!is_stale_before_it_is_due(dataset)) return;
    const JsonNode& stale = *dataset.find("stale_after");
    add("stale_after", stale.place,
        fmt::format("{} is shorter than the time between two backups, \"{}\".", shown(stale),
                    duration_word(*good_interval(dataset))));
  }

  std::string path_;
  Seen ids_;
  Seen databases_;
  std::vector<ConfigFault> faults_;
};

}  // namespace

bool is_stale_before_it_is_due(const JsonNode& dataset) {
  const JsonNode* stale = good(dataset, "stale_after", "datasets[].stale_after");
  if (stale == nullptr) return false;
  const auto interval = good_interval(dataset);
  return interval && *duration_from(stale->text) < *interval;
}

std::vector<ConfigFault> dataset_faults(const JsonNode& root) {
  DatasetCheck check;
  const JsonNode* datasets = root.find("datasets");
  if (datasets == nullptr || datasets->kind != Kind::List) return {};
  std::size_t index = 0;
  for (const JsonMember& dataset : datasets->members) {
    check.check(dataset.value, item_path("datasets", index++));
  }
  return check.take();
}

}  // namespace holdfast
