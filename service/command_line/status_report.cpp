#include "service/command_line/status_report.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/relative_time.h"
#include "common/text.h"
#include "service/command_line/text_layout.h"

namespace holdfast {
namespace {

constexpr std::size_t kMaxSentenceBytes = 500;
constexpr std::ptrdiff_t kCloudPlace = 3;  // among the columns

std::string_view words(Alert alert) {
  switch (alert) {
    case Alert::Fine: return "Protected";
    case Alert::Attention: return "Needs attention";
    case Alert::AtRisk: break;
  }
  return "At risk";
}

Tone tone_of(Health health) {
  switch (alert(health)) {
    case Alert::Fine: return Tone::Good;
    case Alert::Attention: return Tone::Caution;
    case Alert::AtRisk: break;
  }
  return Tone::Bad;
}

std::string health_text(const DatasetStatus& dataset) {
  const std::string_view word = name(dataset.health);
  return dataset.percent ? fmt::format("{}, {} %", word, *dataset.percent) : std::string(word);
}

std::string headline_text(const DatasetStatus& dataset) {
  std::string text =
      fmt::format("{}: {}", one_line(dataset.title), one_line(dataset.headline, kMaxSentenceBytes));
  return text;
}

// A command that is to be copied stands in one piece.
std::string ways_back(const Status& status, const Style& style) {
  std::string text;
  for (const DatasetStatus& dataset : status.datasets) {
    if (dataset.restore_with.empty()) continue;
    text += led(fmt::format("To bring {} back:", one_line(dataset.id)),
                "holdfast restore " + one_line(dataset.restore_with), style);
  }
  return text.empty() ? text : '\n' + text;
}

}  // namespace

std::string status_report(const Status& status, Time now, const Style& style) {
  const std::string_view lead =
      status.health == Health::Working ? "Working" : words(alert(status.health));
  std::string report = led(std::string(lead) + ":", one_line(status.headline, kMaxSentenceBytes),
                           style, tone_of(status.health));
  if (status.phase == ServicePhase::Stopping) report += "The service is stopping.\n";
  for (const std::string& fault : status.faults) {
    if (fault == status.headline) continue;
    report += led("!", one_line(fault, kMaxSentenceBytes), style, Tone::Bad);
  }
  if (status.datasets.empty()) return report;
  const bool has_cloud = std::ranges::any_of(
      status.datasets, [](const DatasetStatus& dataset) { return !dataset.cloud.empty(); });
  std::vector<Table::Column> columns{
      {"Dataset"}, {"Health"}, {"Last backup"}, {"Proven"}, {"Next run"}};
  if (has_cloud) columns.insert(columns.begin() + kCloudPlace, {"Cloud"});
  Table table(columns);
  for (const DatasetStatus& dataset : status.datasets) {
    // Whose it is stands in the title.
    std::vector<Table::Cell> cells{
        {dataset.id.substr(0, dataset.id.find('@'))},
        {health_text(dataset), tone_of(dataset.health)},
        {dataset.archived_at ? ago_text(*dataset.archived_at, now) : "never"},
        {dataset.drilled_at ? ago_text(*dataset.drilled_at, now) : "-"},
        {dataset.next_run ? until_text(*dataset.next_run, now) : "-"}};
    if (has_cloud) {
      const std::string cloud = dataset.cloud.empty() ? "-" : one_line(dataset.cloud);
      cells.insert(cells.begin() + kCloudPlace, {cloud});
    }
    table.add(std::move(cells), {headline_text(dataset)});
  }
  return report + '\n' + table.text(style) + ways_back(status, style);
}

ExitCode status_exit_code(const Status& status) {
  switch (alert(status.health)) {
    case Alert::Fine: return ExitCode::Success;
    case Alert::Attention: return ExitCode::Attention;
    case Alert::AtRisk: break;
  }
  return ExitCode::AtRisk;
}

}  // namespace holdfast
