#include "service/command_line/status_report.h"

#include <sstream>

#include <catch2/catch_test_macros.hpp>

#include "service/command_line/display_width.h"

namespace holdfast {
namespace {

const Time kNow = time_from("2026-11-20T10:00:00Z");
using std::chrono::hours;

TEST_CASE("The exit code of status tells monitoring how bad it is") {
  const auto code = [](Health health) { return status_exit_code({.health = health}); };
  CHECK(code(Health::Protected) == ExitCode::Success);
  CHECK(code(Health::Working) == ExitCode::Success);
  CHECK(code(Health::Waiting) == ExitCode::Attention);
  CHECK(code(Health::Attention) == ExitCode::Attention);
  CHECK(code(Health::Stale) == ExitCode::Attention);
  CHECK(code(Health::None) == ExitCode::AtRisk);
  CHECK(code(Health::Failed) == ExitCode::AtRisk);
  CHECK(code(Health::Damaged) == ExitCode::AtRisk);
}

TEST_CASE("The report says in words how things stand, overall and for each dataset") {
  const Status status{.health = Health::Stale,
                      .headline = "Clinic: last backed up 3 days ago",
                      .phase = ServicePhase::Stopping,
                      .datasets = {{.id = "clinic",
                                    .title = "Clinic",
                                    .health = Health::Stale,
                                    .headline = "Last backed up 3 days ago.",
                                    .archived_at = kNow - hours(72),
                                    .next_run = kNow + hours(2),
                                    .drilled_at = kNow - hours(48)},
                                   {.id = "lab",
                                    .title = "Lab",
                                    .health = Health::Working,
                                    .headline = "Backing up now.",
                                    .percent = 45}},
                      .faults = {"The configuration was not taken."}};
  CHECK(status_report(status, kNow, {}) ==
        "Needs attention: Clinic: last backed up 3 days ago\n"
        "The service is stopping.\n"
        "! The configuration was not taken.\n"
        "\n"
        "Dataset  Health         Last backup  Proven      Next run\n"
        "clinic   stale          3 days ago   2 days ago  in 2 hours\n"
        "    Clinic: Last backed up 3 days ago.\n"
        "lab      working, 45 %  never        -           -\n"
        "    Lab: Backing up now.\n");
  CHECK(status_report({.headline = "No database is protected yet."}, kNow, {}) ==
        "At risk: No database is protected yet.\n");
}

TEST_CASE("Where backups go to a cloud the report says how far they are") {
  const Status status{.health = Health::Protected,
                      .headline = "All is well.",
                      .datasets = {{.id = "clinic",
                                    .title = "Clinic",
                                    .health = Health::Protected,
                                    .headline = "Backed up.",
                                    .archived_at = kNow,
                                    .cloud = "uploaded"},
                                   {.id = "lab",
                                    .title = "Lab",
                                    .health = Health::Protected,
                                    .headline = "Backed up.",
                                    .archived_at = kNow}}};
  const std::string report = status_report(status, kNow, {});
  CHECK(report.find("Dataset  Health     Last backup  Cloud     Proven  Next run\n"
                    "clinic   protected  just now     uploaded  -       -\n") != std::string::npos);
  CHECK(report.find("lab      protected  just now     -         -       -\n") != std::string::npos);
}

TEST_CASE("Of a damaged database the report says how to bring it back") {
  const Status status{.health = Health::Damaged,
                      .headline = "Clinic: damaged",
                      .datasets = {{.id = "clinic",
                                    .title = "Clinic",
                                    .health = Health::Damaged,
                                    .headline = "The database is damaged: page 7.",
                                    .restore_with = "clinic_20261120T060000Z_PC.zip"}}};
  CHECK(status_report(status, kNow, {}).find("holdfast restore clinic_20261120T060000Z_PC.zip") !=
        std::string::npos);
}

TEST_CASE("A status of long, wide and hostile texts stays within 80 columns and on its lines") {
  std::string words;
  for (int i = 0; i < 60; ++i) words += "日本語 word ";
  const Status status{
      .health = Health::Failed,
      .headline = words,
      .datasets = {{"clinic", words + "\x1B[2J\n", Health::Failed, words + "\r\n", kNow, kNow},
                   {"a\nb", "x", Health::None, "\x07"}},
      .faults = {words}};
  const std::string report = status_report(status, kNow, {});
  CHECK(report.find_first_of("\x1B\r\x07") == std::string::npos);
  CHECK(report.find("\na?b ") != std::string::npos);
  std::istringstream lines(report);
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK(display_width(line) < 80);
  }
}

TEST_CASE("Only the words for health have colour") {
  const Status status{.health = Health::Protected,
                      .headline = "Backed up.",
                      .datasets = {{"c", "Clinic", Health::Protected, "Backed up.", kNow, kNow}}};
  CHECK(status_report(status, kNow, {.colour = Style::Colour::OfWords}) ==
        "\x1B[32mProtected:\x1B[0m Backed up.\n"
        "\n"
        "Dataset  Health     Last backup  Proven  Next run\n"
        "c        \x1B[32mprotected\x1B[0m  just now     -       now\n"
        "    Clinic: Backed up.\n");
}

}  // namespace
}  // namespace holdfast
