#include "service/agent/backup_methods.h"

#include <string>

#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/protocol/messages.h"
#include "service/agent/method_parameters.h"
#include "service/agent/method_rights.h"

namespace holdfast {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxReasonBytes = 500;

json asked(const std::string& dataset, Protection& protection, const RunRequest& request) {
  try {
    return {{"dataset", dataset}, {"run", protection.ask(dataset, request)}};
  } catch (const Error& error) {
    return {{"dataset", dataset}, {"code", name(error.code())}, {"sentence", error.line()}};
  }
}

// Of all datasets that the caller sees, unless one is named: that one cannot be backed up is then
// told for each.
json start(Protection& protection, const Call& call) {
  const MethodParameters parameters(call.params);
  const RunRequest request{
      .urgency = parameters.flag("wait") ? Urgency::BeforeDestructive : Urgency::Asked,
      .cause = "manual",
      .reason = parameters.text("reason", kMaxReasonBytes).value_or(""),
      .user = call.caller.user_sid};
  const std::string one = parameters.any_dataset();
  json runs = json::array();
  if (!one.empty()) {
    runs.push_back({{"dataset", one}, {"run", protection.ask(one, request)}});
  } else {
    for (const auto& [key, state] : protection.datasets()) {
      if (may_see(call.caller, state.owner)) runs.push_back(asked(key, protection, request));
    }
  }
  if (runs.empty()) {
    throw Error(ErrorCode::NotFound, "There is nothing to back up: no dataset is configured.",
                "Add one to the configuration.");
  }
  return {{"runs", runs}};
}

void wait(Protection& protection, const Call& call, const Reply& reply) {
  protection.when_ended(MethodParameters(call.params).run(),
                        [reply](const RunReport& report) { reply.with(report); });
}

// Whoever could end the backups of others could see to it that there are none.
json cancel(Protection& protection, const Call& call) {
  const std::string one = MethodParameters(call.params).dataset();
  for (const RunRequest& run : protection.backups_of(one)) {
    if (call.caller.is_elevated_administrator || run.user == call.caller.user_sid) continue;
    throw Error(ErrorCode::AccessDenied, "This backup was not asked for by you.",
                "Only an administrator can cancel it.");
  }
  return {{"cancelled", protection.cancel_backups(one)}};
}

json accept_counts(Protection& protection, const Call& call) {
  const std::string one = MethodParameters(call.params).dataset();
  return {{"dataset", one}, {"counts", protection.accept_counts(one, call.caller.user_sid)}};
}

}  // namespace

void offer_backup_methods(MethodGate& gate, Protection& protection) {
  gate.offer(method::kBackupStart,
             [&protection](const Call& call) { return start(protection, call); });
  gate.offer(method::kBackupRun, [&protection](const Call& call) {
    return protection.run(MethodParameters(call.params).run());
  });
  gate.offer_late(method::kBackupWait, [&protection](const Call& call, const Reply& reply) {
    wait(protection, call, reply);
  });
  gate.offer(method::kBackupCancel,
             [&protection](const Call& call) { return cancel(protection, call); });
  gate.offer(method::kCountsAccept,
             [&protection](const Call& call) { return accept_counts(protection, call); });
}

}  // namespace holdfast
