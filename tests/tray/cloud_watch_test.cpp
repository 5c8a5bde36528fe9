#include "tray/cloud_watch.h"

#include <atomic>
#include <chrono>
#include <future>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "common/protocol/messages.h"
#include "tests/support/scripted_service.h"

namespace holdfast {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr const char* kFolder = R"(C:\Users\anna\OneDrive\Backups)";

json status_with(const std::string& cloud) {
  Status status{.health = Health::Protected, .as_of = time_from("2026-11-20T10:00:00Z")};
  status.datasets.push_back({.id = "emr", .health = Health::Protected, .cloud = cloud});
  return status;
}

json archive(const std::string& name, const std::string& cloud) {
  return {{"archive", name}, {"destination", kFolder}, {"cloud", cloud}};
}

// Sees an account that is paused, and every file waiting for its upload.
struct Eyes {
  CloudEyes eyes() {
    return {.open = [this] { opened = true; },
            .account =
                [this](const std::string& sync_root) {
                  looked_at.push_back(sync_root);
                  return AccountSight{.state = 2};
                },
            .file =
                [this](const std::string& file) {
                  looked_at.push_back(file);
                  return 4U;
                },
            .give_up = [this] { gave_up = true; }};
  }

  std::atomic<bool> opened = false;
  std::atomic<bool> gave_up = false;
  std::vector<std::string> looked_at;
};

TEST_CASE("The tray tells what it sees of OneDrive as long as an archive is on its way there") {
  Eyes eyes;
  ScriptedServices services;
  std::promise<json> told;
  services.add([&](ScriptedService& service) {
    service.greet();
    service.answer(status_with("waiting"));
    service.answer({{"archives", {archive("new.zip", "waiting"), archive("old.zip", "uploaded")}}});
    service.answer({{"roots",
                     {{{"account", "personal"},
                       {"email", "anna@example.org"},
                       {"folder", R"(C:\Users\anna\OneDrive)"},
                       {"sync_root", "OneDrive!S-1-5-21-1!Personal|x"}}}}});
    told.set_value(service.receive());
    service.wait_until_client_leaves();
  });
  const SystemClock clock;
  {
    const CloudWatch watch([&] { return services.connect(); }, eyes.eyes(), clock);
    auto report = told.get_future();
    REQUIRE(report.wait_for(30s) == std::future_status::ready);
    const json request = report.get();
    CHECK(request["method"] == "cloud.report");
    CHECK(request["params"] == json{{"account", "paused"}, {"files", {{"new.zip", 4}}}});
    CHECK(eyes.opened);
  }
  CHECK(eyes.gave_up);
  CHECK(eyes.looked_at == std::vector<std::string>{"OneDrive!S-1-5-21-1!Personal|x",
                                                   std::string(kFolder) + "\\new.zip"});
}

TEST_CASE("The tray does not look at OneDrive while nothing is on its way there") {
  Eyes eyes;
  ScriptedServices services;
  std::promise<void> asked;
  services.add([&](ScriptedService& service) {
    service.greet();
    service.answer(status_with("uploaded"));
    asked.set_value();
    service.wait_until_client_leaves();
  });
  const SystemClock clock;
  {
    const CloudWatch watch([&] { return services.connect(); }, eyes.eyes(), clock);
    REQUIRE(asked.get_future().wait_for(30s) == std::future_status::ready);
  }
  CHECK(eyes.looked_at.empty());
}

}  // namespace
}  // namespace holdfast
