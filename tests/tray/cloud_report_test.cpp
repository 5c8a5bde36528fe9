#include "tray/cloud_report.h"

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

using nlohmann::json;

const SeenArchive kWaiting{.folder = R"(C:\Users\anna\OneDrive\Apps\Backups)",
                           .file_name = "emr_20261120T100000Z_PC.zip",
                           .state = {}};

SeenRoot personal(std::optional<AccountSight> account) {
  return {.folder = R"(c:\users\anna\OneDrive)", .account = account};
}

json report(const std::vector<SeenRoot>& roots, const std::vector<SeenArchive>& archives) {
  return cloud_report(roots, archives).value_or(nullptr);
}

TEST_CASE("What OneDrive says of the account is told in the protocol's words") {
  const std::vector<std::pair<std::uint32_t, const char*>> words{
      {0, "in-sync"}, {1, "syncing"}, {2, "paused"}, {3, "error"}, {4, "warning"}, {5, "offline"}};
  for (const auto& [state, word] : words) {
    CHECK(report({personal(AccountSight{.state = state})}, {kWaiting}) == json{{"account", word}});
  }
  CHECK(report({personal(AccountSight{.state = 6})}, {kWaiting}) == nullptr);
  CHECK(report({personal(std::nullopt)}, {kWaiting}) == nullptr);
}

TEST_CASE("OneDrive is full when all of its room is used, and room that is not told is not full") {
  const AccountSight full{.state = 3, .total_bytes = 5, .used_bytes = 5};
  CHECK(report({personal(full)}, {kWaiting}) == json{{"account", "error"}, {"quota_full", true}});
  CHECK(report({personal(AccountSight{.total_bytes = 6, .used_bytes = 5})}, {kWaiting}) ==
        json{{"account", "in-sync"}});
  CHECK(report({personal(AccountSight{.used_bytes = 5})}, {kWaiting}) ==
        json{{"account", "in-sync"}});
}

TEST_CASE("Another account than the one that holds what waits tells nothing of it") {
  const SeenRoot business{.folder = R"(C:\Users\anna\OneDrive - Clinic)",
                          .account = AccountSight{.state = 2}};
  CHECK(report({business}, {kWaiting}) == nullptr);
  CHECK(report({business, personal(AccountSight{.state = 1})}, {kWaiting}) ==
        json{{"account", "syncing"}});
  SeenArchive there = kWaiting;
  there.folder = business.folder;
  CHECK(report({business, personal(AccountSight{.state = 1})}, {kWaiting, there}) == nullptr);
}

TEST_CASE("What the shell shows of archives is told, as far as the service takes it") {
  std::vector<SeenArchive> archives(120, kWaiting);
  for (std::size_t i = 0; i < archives.size(); ++i) {
    archives[i].file_name = std::to_string(i) + ".zip";
    archives[i].state = i == 1 ? 10 : 4;
  }
  const json told = report({}, archives);
  CHECK(told["files"].size() == 99);
  CHECK(told["files"]["0.zip"] == 4);
  CHECK_FALSE(told["files"].contains("1.zip"));
}

TEST_CASE("Where nothing waits nothing is told") {
  CHECK(report({personal(AccountSight{.state = 2})}, {}) == nullptr);
}

}  // namespace
}  // namespace holdfast
