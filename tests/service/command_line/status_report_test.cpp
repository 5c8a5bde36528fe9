#include "service/command_line/status_report.h"

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

TEST_CASE("The exit code of status tells monitoring how bad it is") {
  const auto code = [](Health health) { return status_exit_code({.health = health}); };
  CHECK(code(Health::Protected) == ExitCode::Success);
  CHECK(code(Health::Working) == ExitCode::Success);
  CHECK(code(Health::Waiting) == ExitCode::Attention);
  CHECK(code(Health::Stale) == ExitCode::Attention);
  CHECK(code(Health::None) == ExitCode::AtRisk);
  CHECK(code(Health::Failed) == ExitCode::AtRisk);
  CHECK(code(Health::Damaged) == ExitCode::AtRisk);
}

TEST_CASE("The report says in words how things stand, overall and for each dataset") {
  const Status status{.health = Health::Stale,
                      .headline = "Clinic: last backed up 3 days ago",
                      .phase = ServicePhase::Stopping,
                      .datasets = {{"c", "Clinic", Health::Stale, "last backed up 3 days ago"}}};
  CHECK(status_report(status) ==
        "Needs attention: Clinic: last backed up 3 days ago\n"
        "The service is stopping.\n"
        "  stale      Clinic: last backed up 3 days ago\n");
}

}  // namespace
}  // namespace holdfast
