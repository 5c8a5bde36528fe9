#include "service/agent/method_rights.h"

#include <algorithm>
#include <array>

#include "common/protocol/messages.h"

namespace holdfast {
namespace {

constexpr std::array<MethodRight, 25> kRights{{
    // What is told leaves out what the caller may not see.
    {method::kStatus, Right::Anybody, Right::Owner},
    {method::kServiceInfo, Right::Anybody, Right::Owner},
    {method::kConfigGet, Right::Anybody, Right::Owner},
    {method::kDatasetsList, Right::Anybody, Right::Owner},
    // Of one's own; what is done with it has no more rights than its user.
    {method::kDatasetsAdd, Right::Anybody, Right::Owner},
    {method::kDatasetsChange, Right::Administrator, Right::Owner},
    {method::kDatasetsRemove, Right::Administrator, Right::Owner},
    {method::kHistory, Right::Anybody, Right::Owner},
    {method::kArchiveList, Right::Anybody, Right::Owner},
    {method::kRetentionPreview, Right::Anybody, Right::Owner},
    {method::kBackupStart, Right::Anybody, Right::Owner},
    {method::kBackupRun, Right::Anybody, Right::Owner, MethodSubject::Run},
    {method::kBackupWait, Right::Anybody, Right::Owner, MethodSubject::Run},
    // Of the machine's datasets a user ends what that user asked for; the handler sees to it.
    {method::kBackupCancel, Right::Anybody, Right::Owner},
    {method::kArchiveVerify, Right::Anybody, Right::Owner},
    {method::kArchiveDelete, Right::Administrator, Right::Owner},
    // It reads the database itself, with the rights of the service.
    {method::kArchivePreview, Right::Administrator, Right::Owner},
    // What the machine holds for everybody is not one user's to replace.
    {method::kRestoreStart, Right::Administrator, Right::Owner},
    {method::kRestoreUndo, Right::Administrator, Right::Owner},
    {method::kDrillStart, Right::Anybody, Right::Owner},
    // A user ends what that user asked for; the handler sees to it.
    {method::kRunCancel, Right::Anybody, Right::Owner, MethodSubject::Run},
    // What deletes data could else also have the archives with that data deleted.
    {method::kCountsAccept, Right::Administrator, Right::Owner},
    // Each caller's own, and of no dataset.
    {method::kCloudRoots, Right::Anybody, Right::Owner},
    {method::kCloudReport, Right::Anybody, Right::Owner},
    {method::kConfigReload, Right::Administrator, Right::Administrator},
}};

}  // namespace

std::span<const MethodRight> method_rights() {
  return kRights;
}

bool may_call(std::string_view method, const Caller& caller, std::string_view owner) {
  if (caller.is_elevated_administrator) return true;
  const auto found = std::ranges::find(kRights, method, &MethodRight::method);
  if (found == kRights.end()) return false;
  switch (owner.empty() ? found->of_machine : found->of_user) {
    case Right::Anybody: return true;
    case Right::Owner: return caller.user_sid == owner;
    case Right::Administrator: break;
  }
  return false;
}

MethodSubject subject_of(std::string_view method) {
  const auto found = std::ranges::find(kRights, method, &MethodRight::method);
  return found == kRights.end() ? MethodSubject::Dataset : found->subject;
}

bool may_see(const Caller& caller, std::string_view owner) {
  return owner.empty() || caller.is_elevated_administrator || caller.user_sid == owner;
}

}  // namespace holdfast
