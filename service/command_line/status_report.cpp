#include "service/command_line/status_report.h"

#include <fmt/format.h>

#include "common/text.h"

namespace holdfast {
namespace {

constexpr std::size_t kMaxSentenceBytes = 500;

std::string_view words(Alert alert) {
  switch (alert) {
    case Alert::Fine: return "Protected";
    case Alert::Attention: return "Needs attention";
    case Alert::AtRisk: break;
  }
  return "At risk";
}

}  // namespace

std::string status_report(const Status& status) {
  std::string report = fmt::format(
      "{}: {}\n", status.health == Health::Working ? "Working" : words(alert(status.health)),
      one_line(status.headline, kMaxSentenceBytes));
  if (status.phase == ServicePhase::Stopping) report += "The service is stopping.\n";
  for (const std::string& fault : status.faults)
    report += fmt::format("! {}\n", one_line(fault, kMaxSentenceBytes));
  for (const DatasetStatus& dataset : status.datasets) {
    report += fmt::format("  {:<10} {}: {}\n", name(dataset.health), one_line(dataset.title),
                          one_line(dataset.headline, kMaxSentenceBytes));
  }
  return report;
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
