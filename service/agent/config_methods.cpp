#include "service/agent/config_methods.h"

#include <utility>

#include "common/protocol/messages.h"
#include "service/agent/answer_page.h"
#include "service/agent/method_parameters.h"
#include "service/agent/method_rights.h"
#include "service/config/config_json.h"

namespace holdfast {
namespace {

using nlohmann::json;

// What the file says, used or not, as far as the caller may see it.
json get(const ConfigWatch& watch, const Call& call) {
  const std::size_t first = MethodParameters(call.params).offset();
  const EffectiveConfig config = watch.look();
  json answer = {
      {"file", watch.file()}, {"good", config.is_good()}, {"used", watch.fault().empty()}};
  AnswerPage faults;
  for (const SourceFault& fault : config.faults) {
    if (may_see(call.caller, fault.owner)) faults.add(fault_json(fault, watch.file()));
  }
  AnswerPage datasets{.bytes = faults.bytes};
  std::size_t place = 0;
  for (const EffectiveDataset& dataset : config.datasets) {
    if (!may_see(call.caller, dataset.owner) || place++ < first) continue;
    if (!datasets.add(dataset_json(dataset))) break;
  }
  if (datasets.has_more) answer["next"] = first + datasets.items.size();
  answer["datasets"] = std::move(datasets.items);
  answer["faults"] = std::move(faults.items);
  answer["more"] = datasets.has_more;
  return answer;
}

}  // namespace

void offer_config_methods(MethodGate& gate, const ConfigWatch& watch,
                          std::function<void()> reload) {
  gate.offer(method::kConfigGet, [&watch](const Call& call) { return get(watch, call); });
  gate.offer(method::kConfigReload, [&watch, reload = std::move(reload)](const Call&) {
    reload();
    return json{{"fault", watch.fault()}};
  });
}

}  // namespace holdfast
