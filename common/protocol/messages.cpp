#include "common/protocol/messages.h"

#include <array>

#include <nlohmann/json.hpp>

namespace holdfast {
namespace {

using nlohmann::json;

struct HealthFacts {
  Health health;
  std::string_view name;
  Alert alert;
};
constexpr std::array<HealthFacts, 8> kHealthFacts{{
    {Health::Protected, "protected", Alert::Fine},
    {Health::Working, "working", Alert::Fine},
    {Health::Waiting, "waiting", Alert::Attention},
    {Health::Attention, "attention", Alert::Attention},
    {Health::Stale, "stale", Alert::Attention},
    {Health::None, "none", Alert::AtRisk},
    {Health::Failed, "failed", Alert::AtRisk},
    {Health::Damaged, "damaged", Alert::AtRisk},
}};

const HealthFacts& facts(Health health) {
  return kHealthFacts.at(static_cast<std::size_t>(health));
}

// A health that a newer service may know and this program does not is never shown as protected.
Health health_from(const json& value) {
  const auto& text = value.get_ref<const std::string&>();
  for (const HealthFacts& known : kHealthFacts) {
    if (known.name == text) return known.health;
  }
  return Health::Failed;
}

std::optional<Time> optional_time(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return std::nullopt;
  return time_from(found->get_ref<const std::string&>());
}

DatasetStatus dataset_status_from(const json& object) {
  DatasetStatus dataset{.id = object.at("id").get<std::string>(),
                        .title = object.at("title").get<std::string>(),
                        .health = health_from(object.at("health")),
                        .headline = object.at("headline").get<std::string>(),
                        .archived_at = optional_time(object, "archived_at"),
                        .next_run = optional_time(object, "next_run"),
                        .drilled_at = optional_time(object, "drilled_at")};
  if (object.contains("percent")) dataset.percent = object.at("percent").get<int>();
  if (object.contains("restore_with")) {
    dataset.restore_with = object.at("restore_with").get<std::string>();
  }
  if (object.contains("cloud")) dataset.cloud = object.at("cloud").get<std::string>();
  dataset.cloud_since = optional_time(object, "cloud_since");
  if (object.contains("notify")) dataset.notify = object.at("notify").get<std::string>();
  return dataset;
}

}  // namespace

std::string_view name(Health health) {
  return facts(health).name;
}
Alert alert(Health health) {
  return facts(health).alert;
}

void to_json(json& json, const DatasetStatus& dataset) {
  json = {{"id", dataset.id},
          {"title", dataset.title},
          {"health", name(dataset.health)},
          {"headline", dataset.headline}};
  if (dataset.archived_at) json["archived_at"] = utc_text(*dataset.archived_at);
  if (dataset.next_run) json["next_run"] = utc_text(*dataset.next_run);
  if (dataset.drilled_at) json["drilled_at"] = utc_text(*dataset.drilled_at);
  if (dataset.percent) json["percent"] = *dataset.percent;
  if (!dataset.restore_with.empty()) json["restore_with"] = dataset.restore_with;
  if (!dataset.cloud.empty()) json["cloud"] = dataset.cloud;
  if (dataset.cloud_since) json["cloud_since"] = utc_text(*dataset.cloud_since);
  if (dataset.notify != "failures") json["notify"] = dataset.notify;
}

void to_json(json& json, const Status& status) {
  json = {{"health", name(status.health)},
          {"headline", status.headline},
          {"phase", status.phase == ServicePhase::Running ? "running" : "stopping"},
          {"datasets", status.datasets},
          {"faults", status.faults},
          {"as_of", utc_text(status.as_of)}};
}

void to_json(json& json, const ServiceInfo& info) {
  json = {{"version", info.version},
          {"protocol", info.protocol},
          {"host", info.host},
          {"process_id", info.process_id},
          {"mode", info.mode},
          {"data_folder", info.data_folder},
          {"started_at", utc_text(info.started_at)}};
}

Status status_from(const json& json) {
  Status status{
      .health = health_from(json.at("health")),
      .headline = json.at("headline").get<std::string>(),
      .phase = json.at("phase") == "running" ? ServicePhase::Running : ServicePhase::Stopping,
      .as_of = time_from(json.at("as_of").get_ref<const std::string&>())};
  for (const auto& dataset : json.at("datasets")) {
    status.datasets.push_back(dataset_status_from(dataset));
  }
  if (json.contains("faults")) status.faults = json.at("faults").get<std::vector<std::string>>();
  return status;
}

}  // namespace holdfast
