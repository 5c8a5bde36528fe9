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

json told(const EffectiveDataset& configured, const std::string& key) {
  return {{"dataset", key},
          {"title", configured.dataset.title},
          {"owner", dataset_owner(key)},
          {"enabled", configured.dataset.enabled}};
}

json told(const EffectiveDataset& configured, const DatasetState& state) {
  json dataset = told(configured, state.key);
  dataset["title"] = state.dataset.title;
  dataset["database"] =
      state.database.empty() ? configured.dataset.database : path_text(state.database);
  dataset["destination"] = path_text(state.destination);
  if (!state.fault.empty()) dataset["problem"] = state.fault;
  if (!state.waits.empty()) dataset["waits"] = state.waits;
  return dataset;
}

// Once, or once for each user. One that is switched off is configured and not protected: of it no
// more is known.
std::vector<json> told(const EffectiveDataset& configured, const Protection& protection,
                       const Caller& caller) {
  std::vector<json> all;
  const std::string key = dataset_key(configured.dataset.id, configured.owner);
  bool is_known = false;
  for (const auto& [known, state] : protection.datasets()) {
    const bool is_one =
        configured.owner.empty() ? state.dataset.id == configured.dataset.id : known == key;
    if (!is_one) continue;
    is_known = true;
    if (may_see(caller, state.owner)) all.push_back(told(configured, state));
  }
  if (!is_known && may_see(caller, configured.owner)) all.push_back(told(configured, key));
  return all;
}

json list(const DatasetMethodParts& parts, const Call& call) {
  const std::size_t first = MethodParameters(call.params).offset();
  std::vector<json> all;
  for (const EffectiveDataset& configured : parts.config.look().datasets) {
    for (json& one : told(configured, parts.protection, call.caller)) all.push_back(std::move(one));
  }
  AnswerPage page;
  for (std::size_t place = first; place < all.size() && page.add(std::move(all[place]));) ++place;
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
  json answer = {{"dataset", key}};
  const auto keys = overruled(parts.config.look(), sid, change.settings);
  if (!keys.empty()) answer["overruled"] = keys;
  return answer;
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
