#include "service/agent/backup_methods.h"

#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/protocol/messages.h"
#include "service/agent/method_rights.h"

namespace holdfast {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxReasonBytes = 500;
constexpr int kMostRuns = 1000;
// What an answer may take of a line; its frame takes the rest.
constexpr std::size_t kMostAnswerBytes = kMaxLineBytes - 4096;

[[noreturn]] void refuse(const char* parameter, const char* what) {
  throw Error(ErrorCode::BadParameters,
              fmt::format("The parameter \"{}\" must be {}.", parameter, what),
              "See the protocol's page.");
}

// Empty when it is not given.
std::string text(const json& params, const char* name,
                 std::size_t max_bytes = kMaxDatasetIdBytes * 4) {
  const auto found = params.find(name);
  if (found == params.end() || found->is_null()) return {};
  if (!found->is_string()) refuse(name, "a text");
  const auto& value = found->get_ref<const std::string&>();
  if (value.size() > max_bytes) refuse(name, "shorter");
  return value;
}

std::string dataset(const json& params) {
  std::string value = text(params, "dataset");
  if (value.empty()) refuse("dataset", "the id of a dataset");
  return value;
}

bool flag(const json& params, const char* name) {
  const auto found = params.find(name);
  if (found == params.end()) return false;
  if (!found->is_boolean()) refuse(name, "true or false");
  return found->get<bool>();
}

json asked(const std::string& dataset, Protection& protection, const RunRequest& request) {
  try {
    return {{"dataset", dataset}, {"run", protection.ask(dataset, request)}};
  } catch (const Error& error) {
    return {{"dataset", dataset}, {"code", name(error.code())}, {"sentence", error.line()}};
  }
}

// Of all datasets, unless one is named: that one cannot be backed up is then told for each.
json start(Protection& protection, const Call& call) {
  const RunRequest request{
      .urgency = flag(call.params, "wait") ? Urgency::BeforeDestructive : Urgency::Asked,
      .cause = "manual",
      .reason = text(call.params, "reason", kMaxReasonBytes),
      .user = call.caller.user_sid};
  const std::string one = text(call.params, "dataset");
  json runs = json::array();
  if (!one.empty()) {
    runs.push_back({{"dataset", one}, {"run", protection.ask(one, request)}});
  } else {
    for (const auto& [key, state] : protection.datasets()) {
      runs.push_back(asked(key, protection, request));
    }
  }
  if (runs.empty()) {
    throw Error(ErrorCode::NotFound, "There is nothing to back up: no dataset is configured.",
                "Add one to the configuration.");
  }
  return {{"runs", runs}};
}

json report(const Protection& protection, const Call& call) {
  const auto found = call.params.find("run");
  if (found == call.params.end() || !found->is_number_unsigned()) refuse("run", "a run's number");
  return protection.run(found->get<RunTicket>());
}

// Whoever could end the backups of others could see to it that there are none.
json cancel(Protection& protection, const Call& call) {
  const std::string one = dataset(call.params);
  for (const RunRequest& run : protection.runs_of(one)) {
    if (call.caller.is_elevated_administrator || run.user == call.caller.user_sid) continue;
    throw Error(ErrorCode::AccessDenied, "This backup was not asked for by you.",
                "Only an administrator can cancel it.");
  }
  return {{"cancelled", protection.cancel(one)}};
}

json accept_counts(Protection& protection, const Call& call) {
  const std::string one = dataset(call.params);
  return {{"dataset", one}, {"counts", protection.accept_counts(one, call.caller.user_sid)}};
}

// As one of many in an answer. Names of files may be no text.
std::size_t size_of(const json& one) {
  return one.dump(-1, ' ', false, json::error_handler_t::replace).size() + 1;
}

json history(Protection& protection, const Call& call) {
  int limit = 100;
  if (const auto found = call.params.find("limit"); found != call.params.end()) {
    if (!found->is_number_integer() || *found < 1 || *found > kMostRuns) {
      refuse("limit", "a number from 1 to 1000");
    }
    limit = found->get<int>();
  }
  json runs = json::array();
  std::size_t bytes = 0;
  bool has_more = false;
  for (const RunRecord& run : protection.history(text(call.params, "dataset"), limit)) {
    json one = run;
    bytes += size_of(one);
    has_more = bytes > kMostAnswerBytes;
    if (has_more) break;
    runs.push_back(std::move(one));
  }
  return {{"runs", runs}, {"more", has_more}};
}

json retention_preview(const Protection& protection, const Call& call) {
  json decisions = json::array();
  std::size_t bytes = 0;
  bool has_more = false;
  for (const RetentionDecision& decision : protection.retention_preview(dataset(call.params))) {
    const bool is_kept = decision.verdict == RetentionDecision::Verdict::Keep;
    json one = {{"archive", decision.id},
                {"verdict", is_kept ? "keep" : "delete"},
                {"reason", decision.reason}};
    bytes += size_of(one);
    has_more = bytes > kMostAnswerBytes;
    if (has_more) break;
    decisions.push_back(std::move(one));
  }
  return {{"decisions", decisions}, {"more", has_more}};
}

}  // namespace

void offer_backup_methods(Dispatcher& dispatcher, Protection& protection) {
  offer(dispatcher, method::kBackupStart,
        [&protection](const Call& call) { return start(protection, call); });
  offer(dispatcher, method::kBackupRun,
        [&protection](const Call& call) { return report(protection, call); });
  offer(dispatcher, method::kBackupCancel,
        [&protection](const Call& call) { return cancel(protection, call); });
  offer(dispatcher, method::kCountsAccept,
        [&protection](const Call& call) { return accept_counts(protection, call); });
  offer(dispatcher, method::kHistory,
        [&protection](const Call& call) { return history(protection, call); });
  offer(dispatcher, method::kRetentionPreview,
        [&protection](const Call& call) { return retention_preview(protection, call); });
}

}  // namespace holdfast
