#include "service/report/report_page.h"

#include <algorithm>
#include <chrono>
#include <cstddef>

#include <fmt/format.h>

#include "service/platform/local_text.h"
#include "service/report/dataset_charts.h"
#include "service/report/markup.h"
#include "service/report/report_style.h"
#include "service/report/report_tables.h"
#include "service/report/svg_chart.h"

namespace holdfast {
namespace {

constexpr std::chrono::days kRecent{30};

std::string_view tone_class(Alert alert) {
  switch (alert) {
    case Alert::Fine: return "fine";
    case Alert::Attention: return "attention";
    case Alert::AtRisk: break;
  }
  return "risk";
}

// Each with a sign of its own: not everybody sees the colour.
std::string_view health_words(Health health) {
  switch (health) {
    case Health::Protected: return "\u2713 Protected";
    case Health::Working: return "\u2713 Working";
    case Health::Waiting: return "! Waiting for the cloud";
    case Health::Attention: return "! Needs attention";
    case Health::Stale: return "! Too old";
    case Health::None: return "\u2717 No backup";
    case Health::Failed: return "\u2717 Failed";
    case Health::Damaged: break;
  }
  return "\u2717 Damaged";
}

std::string health_markup(Health health) {
  return fmt::format(R"(<strong class="{}">{}</strong>)", tone_class(alert(health)),
                     health_words(health));
}

std::string cloud_markup(const DatasetStatus& dataset, Time now, const TimeZone& zone) {
  if (dataset.cloud.empty()) return "goes to no cloud";
  std::string words = escaped(dataset.cloud, kMostNameBytes);
  if (!dataset.cloud_since) return words;
  return words + "<br/>since " + time_markup(dataset.cloud_since, now, zone, "");
}

std::string head(const ReportFacts& facts) {
  return fmt::format(R"(<html lang="en">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>Holdfast on {}</title>
<style>{}</style>
</head>
)",
                     escaped(facts.host, kMostNameBytes), report_style());
}

std::string overview(const ReportFacts& facts, const TimeZone& zone) {
  const Status& status = facts.status;
  std::string markup = fmt::format(
      R"(<header>
<h1>Backups on {}</h1>
<p class="quiet">As Holdfast {} told on {}, by the clocks of this computer.</p>
<p class="verdict {}">{}: {}</p>
</header>
)",
      isolated(facts.host, kMostNameBytes), escaped(facts.version), local_text(facts.made_at, zone),
      tone_class(alert(status.health)), health_markup(status.health), isolated(status.headline));
  for (const std::string& fault : status.faults) {
    markup += fmt::format("<p class=\"verdict risk\">{}</p>\n", isolated(fault));
  }
  return markup;
}

std::string dataset_row(const ReportDataset& dataset, Time now, const TimeZone& zone) {
  const DatasetStatus& status = dataset.status;
  const auto failures = std::ranges::count_if(dataset.runs, [now](const ReportRun& run) {
    return has_failed(run) && run.started_at >= now - kRecent;
  });
  return fmt::format(
      R"(<tr><th scope="row">{}</th><td>{}<br/>{}</td><td>{}</td><td>{}</td><td>{}</td><td class="number">{}</td></tr>
)",
      isolated(status.title, kMostNameBytes), health_markup(status.health),
      isolated(status.headline), time_markup(status.archived_at, now, zone, "never"),
      time_markup(status.drilled_at, now, zone, "never"), cloud_markup(status, now, zone),
      failures);
}

std::string datasets_table(const ReportFacts& facts, const TimeZone& zone) {
  if (facts.datasets.empty()) return "<p>No dataset is configured: nothing is protected.</p>\n";
  std::string rows;
  for (const ReportDataset& dataset : facts.datasets) {
    rows += dataset_row(dataset, facts.made_at, zone);
  }
  return fmt::format(R"(<table class="overview">
<caption>What is protected, and how it stands</caption>
<thead><tr><th scope="col">Dataset</th><th scope="col">Health</th><th scope="col">Last backup</th><th scope="col">Last test restore</th><th scope="col">Newest backup in the cloud</th><th scope="col" class="number">Failures in 30 days</th></tr></thead>
<tbody>
{}</tbody>
</table>
)",
                     rows);
}

std::string charts_markup(const ReportDataset& dataset, const ReportFacts& facts,
                          const std::string& prefix, const TimeZone& zone) {
  std::string markup = "<div class=\"charts\">\n";
  for (const Chart& chart : dataset_charts(dataset, facts.host, facts.made_at, prefix)) {
    const std::string picture = chart.points.empty() ? "" : svg_chart(chart, zone);
    markup += fmt::format("<figure><figcaption><b>{}</b> {}</figcaption>{}</figure>\n",
                          escaped(chart.title), escaped(chart.summary), picture);
  }
  return markup + "</div>\n";
}

std::string notes_markup(const ReportDataset& dataset, Time now) {
  std::string notes;
  const auto add = [&notes](const std::string& note) {
    notes += fmt::format("<p class=\"quiet\">{}</p>\n", note);
  };
  if (!dataset.status.restore_with.empty()) {
    add("To bring it back: holdfast restore " + isolated(dataset.status.restore_with));
  }
  if (const std::size_t count = misdated(dataset, now)) {
    add(fmt::format("Not drawn: {} with dates that cannot be right.", count));
  }
  if (dataset.has_more_runs) add("There are older runs, which this report does not tell of.");
  return notes;
}

std::string dataset_section(const ReportDataset& dataset, const ReportFacts& facts,
                            const std::string& prefix, const TimeZone& zone) {
  const Time now = facts.made_at;
  return fmt::format("<section aria-labelledby=\"{0}\">\n<h2 id=\"{0}\">{1}</h2>\n", prefix,
                     isolated(dataset.status.title, kMostNameBytes)) +
         fmt::format("<p>{} {}</p>\n", health_markup(dataset.status.health),
                     isolated(dataset.status.headline)) +
         notes_markup(dataset, now) + charts_markup(dataset, facts, prefix, zone) +
         storage_table(dataset, now, zone) + failures_table(dataset, now, zone) + "</section>\n";
}

}  // namespace

std::string report_page(const ReportFacts& facts, const TimeZone& zone) {
  std::string page(kReportMark);
  page += head(facts) + "<body>\n" + overview(facts, zone) + "<main>\n";
  page += datasets_table(facts, zone);
  std::size_t number = 0;
  for (const ReportDataset& dataset : facts.datasets) {
    page += dataset_section(dataset, facts, fmt::format("dataset-{}", ++number), zone);
  }
  page += "</main>\n";
  page +=
      "<footer><p>Made by Holdfast. This page needs no network and has no script. It tells names "
      "of datasets, computers and files, and sentences about failures; keep it as you keep a "
      "log.</p></footer>\n";
  return page + "</body>\n</html>\n";
}

}  // namespace holdfast
