#include "service/agent/dataset_methods.h"

#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "common/error.h"
#include "common/path_text.h"
#include "common/protocol/messages.h"
#include "common/text.h"
#include "service/agent/answer_page.h"
#include "service/agent/method_parameters.h"
#include "service/agent/method_rights.h"
#include "service/config/user_datasets.h"

namespace holdfast {
namespace {

using nlohmann::json;

// One that is switched off is configured and not protected: of it no more is known.
json told(const EffectiveDataset& configured, const Protection& protection) {
  const std::string key = dataset_key(configured);
  json dataset = {{"dataset", key},
                  {"title", configured.dataset.title},
                  {"owner", configured.owner},
                  {"enabled", configured.dataset.enabled}};
  const auto found = protection.datasets().find(key);
  if (found == protection.datasets().end()) return dataset;
  const DatasetState& state = found->second;
  dataset["database"] = path_text(state.database);
  dataset["destination"] = path_text(state.destination);
  if (!state.fault.empty()) dataset["problem"] = state.fault;
  return dataset;
}

json list(const DatasetMethodParts& parts, const Call& call) {
  const std::size_t first = MethodParameters(call.params).offset();
  AnswerPage page;
  std::size_t place = 0;
  for (const EffectiveDataset& configured : parts.config.look().datasets) {
    if (!may_see(call.caller, configured.owner) || place++ < first) continue;
    if (!page.add(told(configured, parts.protection))) break;
  }
  json answer = {{"more", page.has_more}};
  if (page.has_more) answer["next"] = first + page.items.size();
  answer["datasets"] = std::move(page.items);
  return answer;
}

void apply(const DatasetMethodParts& parts, const std::string& sid, const DatasetChange& change) {
  parts.write(sid, changed_user_file(parts.config.sources(), sid, change));
  parts.reload();
}

json add(const DatasetMethodParts& parts, const Call& call) {
  const DatasetChange change{.kind = DatasetChange::Kind::Add,
                             .settings = MethodParameters(call.params).object("settings")};
  const std::string& sid = call.caller.user_sid;
  apply(parts, sid, change);
  const std::string key = change.settings.at("id").get<std::string>() + '@' + sid;
  spdlog::info("{} was added.", key);
  return {{"dataset", key}};
}

// Whose dataset it is. The machine's stand in a file that people write, with comments of theirs.
std::string owner_in(const std::string& key, const ConfigWatch& config) {
  std::string owner = dataset_owner(key);
  if (!owner.empty()) return owner;
  throw Error(ErrorCode::BadParameters,
              fmt::format("The dataset \"{}\" stands in this computer's configuration, which only "
                          "people change.",
                          one_line(key, 80)),
              fmt::format("Edit {}, or add a dataset of your own.", config.file()));
}

std::string id_in(const std::string& key) {
  return key.substr(0, key.find('@'));
}

json change(const DatasetMethodParts& parts, const Call& call) {
  const MethodParameters parameters(call.params);
  const std::string key = parameters.dataset();
  apply(parts, owner_in(key, parts.config),
        {.kind = DatasetChange::Kind::Change,
         .id = id_in(key),
         .settings = parameters.object("settings")});
  spdlog::info("{} was changed by {}.", key, call.caller.user_sid);
  return {{"dataset", key}};
}

json remove(const DatasetMethodParts& parts, const Call& call) {
  const std::string key = MethodParameters(call.params).dataset();
  apply(parts, owner_in(key, parts.config),
        {.kind = DatasetChange::Kind::Remove, .id = id_in(key), .settings = {}});
  spdlog::info("{} was taken away by {}.", key, call.caller.user_sid);
  return {{"removed", key}};
}

}  // namespace

void offer_dataset_methods(MethodGate& gate, const DatasetMethodParts& parts) {
  gate.offer(method::kDatasetsList, [parts](const Call& call) { return list(parts, call); });
  gate.offer(method::kDatasetsAdd, [parts](const Call& call) { return add(parts, call); });
  gate.offer(method::kDatasetsChange, [parts](const Call& call) { return change(parts, call); });
  gate.offer(method::kDatasetsRemove, [parts](const Call& call) { return remove(parts, call); });
}

}  // namespace holdfast
