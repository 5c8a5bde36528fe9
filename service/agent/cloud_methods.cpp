#include "service/agent/cloud_methods.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/protocol/messages.h"
#include "common/text.h"
#include "service/agent/method_parameters.h"
#include "service/config/path_rules.h"

namespace holdfast {
namespace {

using nlohmann::json;
using Account = TraySignals::Account;

constexpr std::size_t kLongestWord = 20;
constexpr std::size_t kMostFiles = 100;
constexpr int kHighestFileState = 9;
constexpr std::array<std::pair<std::string_view, Account>, 7> kAccounts{
    {{"unknown", Account::Unknown},
     {"in-sync", Account::InSync},
     {"syncing", Account::Syncing},
     {"paused", Account::Paused},
     {"error", Account::Error},
     {"warning", Account::Warning},
     {"offline", Account::Offline}}};

Account account_from(const MethodParameters& parameters) {
  const std::string word = parameters.text("account", kLongestWord).value_or("unknown");
  const auto found =
      std::ranges::find(kAccounts, word, &std::pair<std::string_view, Account>::first);
  if (found != kAccounts.end()) return found->second;
  throw Error(ErrorCode::BadParameters,
              fmt::format("\"account\" is \"{}\", which is no status of an account.",
                          one_line(word, kLongestWord)),
              "See the page of the protocol.");
}

// What the shell shows of each file, by its name.
std::map<std::string, std::uint32_t> file_states_from(const json& params) {
  if (!params.contains("files")) return {};
  const json files = MethodParameters(params).object("files");
  std::map<std::string, std::uint32_t> states;
  for (const auto& [name, state] : files.items()) {
    const bool is_state = state.is_number_integer() && state >= 0 && state <= kHighestFileState;
    if (!is_state || states.size() == kMostFiles) {
      throw Error(
          ErrorCode::BadParameters,
          fmt::format("\"files\" must hold at most {} names of files, each with a state from 0 "
                      "to {}.",
                      kMostFiles, kHighestFileState),
          "See the page of the protocol.");
    }
    states.emplace(name, state.get<std::uint32_t>());
  }
  return states;
}

// What Windows calls the folder among those that are synchronised; empty where it does not tell.
std::string sync_root_of(const PresentUser& present, const CloudRoot& root) {
  const auto found =
      std::ranges::find_if(present.one_drive.sync_roots,
                           [folder = folded_path(root.folder)](const SyncRootEntry& entry) {
                             return folded_path(entry.folder) == folder;
                           });
  return found == present.one_drive.sync_roots.end() ? "" : found->id;
}

json roots(const std::vector<PresentUser>& users, const Caller& caller) {
  json told = json::array();
  for (const PresentUser& present : users) {
    if (present.user.sid != caller.user_sid) continue;
    for (const CloudRoot& root : present.roots) {
      told.push_back({{"account", root.account},
                      {"email", root.email},
                      {"folder", root.folder},
                      {"sync_root", sync_root_of(present, root)}});
    }
  }
  return {{"roots", std::move(told)}};
}

json report(Protection& protection, const Clock& clock, const Call& call) {
  const MethodParameters parameters(call.params);
  protection.take_tray_signals(call.caller.user_sid, {.account = account_from(parameters),
                                                      .quota_full = parameters.flag("quota_full"),
                                                      .file_states = file_states_from(call.params),
                                                      .seen_at = clock.now()});
  return json::object();
}

}  // namespace

void offer_cloud_methods(MethodGate& gate, Protection& protection, const Clock& clock,
                         std::function<const std::vector<PresentUser>&()> users) {
  gate.offer(method::kCloudRoots,
             [users = std::move(users)](const Call& call) { return roots(users(), call.caller); });
  gate.offer(method::kCloudReport,
             [&protection, &clock](const Call& call) { return report(protection, clock, call); });
}

}  // namespace holdfast
