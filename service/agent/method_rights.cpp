#include "service/agent/method_rights.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "common/error.h"
#include "common/protocol/messages.h"

namespace holdfast {
namespace {

constexpr std::array<MethodRight, 9> kRights{{
    {method::kStatus, Right::Anybody},
    {method::kServiceInfo, Right::Anybody},
    {method::kBackupStart, Right::Anybody},
    {method::kBackupRun, Right::Anybody},
    // A user ends what that user asked for; the handler sees to it.
    {method::kBackupCancel, Right::Anybody},
    {method::kHistory, Right::Anybody},
    {method::kRetentionPreview, Right::Anybody},
    // What deletes data could else also have the archives with that data deleted.
    {method::kCountsAccept, Right::Administrator},
    {method::kConfigReload, Right::Administrator},
}};

}  // namespace

std::span<const MethodRight> method_rights() {
  return kRights;
}

Right right_to_call(std::string_view method) {
  const auto found = std::ranges::find(kRights, method, &MethodRight::method);
  return found == kRights.end() ? Right::Administrator : found->right;
}

void offer(Dispatcher& dispatcher, std::string_view method, Dispatcher::Handler handler) {
  dispatcher.add(method, [name = std::string(method), right = right_to_call(method),
                          handler = std::move(handler)](const Call& call) {
    if (right == Right::Administrator && !call.caller.is_elevated_administrator) {
      throw Error(ErrorCode::AccessDenied, "\"" + name + "\" is for administrators.",
                  "Open the console as an administrator and try again.");
    }
    return handler(call);
  });
}

}  // namespace holdfast
