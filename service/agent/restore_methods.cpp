#include "service/agent/restore_methods.h"

#include <string>

#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/protocol/messages.h"
#include "service/agent/method_parameters.h"
#include "service/agent/method_rights.h"

namespace holdfast {
namespace {

using nlohmann::json;

// Names come from databases and may be of any length: what would not fit into one line is left out
// of the longest list, whose total is told.
json in_one_line(json preview) {
  const auto bytes = [](const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace).size();
  };
  constexpr std::size_t kMostBytes = kMaxLineBytes - 8192;
  while (bytes(preview) > kMostBytes) {
    json* longest = nullptr;
    for (const char* list : {"rows", "tables", "files", "counts"}) {
      const auto found = preview.find(list);
      if (found == preview.end() || found->empty()) continue;
      if (longest == nullptr || bytes(*found) > bytes(*longest)) longest = &*found;
    }
    if (longest == nullptr) break;
    longest->erase(longest->begin() + static_cast<std::ptrdiff_t>(longest->size() / 2),
                   longest->end());
  }
  return preview;
}

void preview(Protection& protection, const Call& call, const Reply& reply) {
  const MethodParameters parameters(call.params);
  protection.preview(parameters.dataset(), parameters.archive(),
                     parameters.flag("rows") ? RowCounts::Yes : RowCounts::No,
                     [reply](const PreviewOutcome& outcome) {
                       outcome.failure ? reply.fail(*outcome.failure)
                                       : reply.with(in_one_line(outcome.told));
                     });
}

json start(Protection& protection, const Call& call) {
  const MethodParameters parameters(call.params);
  const std::string dataset = parameters.dataset();
  return {{"dataset", dataset},
          {"run", protection.ask_for_restore(dataset, parameters.archive(),
                                             parameters.flag("foreign"), call.caller.user_sid)}};
}

json undo(Protection& protection, const Call& call) {
  const std::string dataset = MethodParameters(call.params).dataset();
  const auto asked = protection.ask_for_undo(dataset, call.caller.user_sid);
  return {{"dataset", dataset}, {"run", asked.run}, {"archive", asked.archive}};
}

json drill(Protection& protection, const Call& call) {
  const MethodParameters parameters(call.params);
  const std::string dataset = parameters.dataset();
  json runs = json::array();
  for (const auto& asked :
       protection.ask_for_drill(dataset, parameters.any_archive(), call.caller.user_sid)) {
    runs.push_back({{"dataset", dataset}, {"run", asked.run}, {"archive", asked.archive}});
  }
  return {{"runs", runs}};
}

// Whoever could end the runs of others could see to it that there are none.
json cancel(Protection& protection, const Call& call) {
  const RunTicket run = MethodParameters(call.params).run();
  if (!call.caller.is_elevated_administrator &&
      protection.asked_as(run).user != call.caller.user_sid) {
    throw Error(ErrorCode::AccessDenied, "This was not asked for by you.",
                "Only an administrator can cancel it.");
  }
  switch (protection.cancel(run)) {
    case Protection::Cancelling::TooLate:
      return {{"cancelled", false},
              {"sentence", "It is past the point of no return, and comes to its end."}};
    case Protection::Cancelling::Done:
    case Protection::Cancelling::Asked: break;
  }
  return {{"cancelled", true}};
}

}  // namespace

void offer_restore_methods(MethodGate& gate, Protection& protection) {
  gate.offer_late(method::kArchivePreview, [&protection](const Call& call, const Reply& reply) {
    preview(protection, call, reply);
  });
  gate.offer(method::kRestoreStart,
             [&protection](const Call& call) { return start(protection, call); });
  gate.offer(method::kRestoreUndo,
             [&protection](const Call& call) { return undo(protection, call); });
  gate.offer(method::kDrillStart,
             [&protection](const Call& call) { return drill(protection, call); });
  gate.offer(method::kRunCancel,
             [&protection](const Call& call) { return cancel(protection, call); });
}

}  // namespace holdfast
