#include "service/agent/history_methods.h"

#include <limits>

#include <fmt/format.h>

#include "common/protocol/messages.h"
#include "service/agent/answer_page.h"
#include "service/agent/method_parameters.h"
#include "service/catalog/catalog_words.h"

namespace holdfast {
namespace {

using nlohmann::json;

constexpr int kMostRuns = 1000;
constexpr int kRunsUnlessSaid = 100;
constexpr std::size_t kMaxWordBytes = 20;

template <typename Value, std::size_t kCount>
std::optional<Value> one_of(const Words<Value, kCount>& words, const MethodParameters& parameters,
                            const char* name) {
  const auto text = parameters.text(name, kMaxWordBytes);
  if (!text) return std::nullopt;
  if (const auto known = value_in(words, *text)) return known;
  throw Error(ErrorCode::BadParameters,
              fmt::format("The parameter \"{}\" must be one of {}.", name, list_of(words)),
              "See the protocol's page.");
}

RunQuery query(const Call& call) {
  const MethodParameters parameters(call.params);
  RunQuery query{.dataset = parameters.any_dataset(),
                 .before = parameters.number("before", 1, std::numeric_limits<std::int64_t>::max()),
                 .kind = one_of(kRunKinds, parameters, "kind"),
                 .outcome = one_of(kRunOutcomes, parameters, "outcome"),
                 .since = parameters.time("since"),
                 .limit = static_cast<int>(
                     parameters.number("limit", 1, kMostRuns).value_or(kRunsUnlessSaid))};
  if (!call.caller.is_elevated_administrator) query.owner = call.caller.user_sid;
  return query;
}

json history(Protection& protection, const Call& call) {
  RunQuery asked = query(call);
  const auto limit = static_cast<std::size_t>(asked.limit);
  // One more tells whether there is a next page.
  ++asked.limit;
  AnswerPage page;
  for (const RunRecord& run : protection.history(asked)) {
    if (page.items.size() == limit) page.has_more = true;
    if (!page.add(run)) break;
  }
  json answer = {{"runs", page.items}, {"more", page.has_more}};
  if (page.has_more) answer["next"] = page.items.back().at("id");
  return answer;
}

json retention_preview(const Protection& protection, const Call& call) {
  AnswerPage page;
  for (const RetentionDecision& decision :
       protection.retention_preview(MethodParameters(call.params).dataset())) {
    const bool is_kept = decision.verdict == RetentionDecision::Verdict::Keep;
    if (!page.add({{"archive", decision.id},
                   {"verdict", is_kept ? "keep" : "delete"},
                   {"reason", decision.reason}})) {
      break;
    }
  }
  return {{"decisions", page.items}, {"more", page.has_more}};
}

}  // namespace

void offer_history_methods(MethodGate& gate, Protection& protection) {
  gate.offer(method::kHistory,
             [&protection](const Call& call) { return history(protection, call); });
  gate.offer(method::kRetentionPreview,
             [&protection](const Call& call) { return retention_preview(protection, call); });
}

}  // namespace holdfast
