#include "service/report/report_tables.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/relative_time.h"
#include "common/text.h"
#include "service/platform/local_text.h"
#include "service/report/markup.h"
#include "service/report/svg_chart.h"

namespace holdfast {
namespace {

constexpr std::size_t kMostFailures = 30;
constexpr std::size_t kMostHosts = 30;

std::string_view kind_words(RunKind kind) {
  switch (kind) {
    case RunKind::Backup: return "Backup";
    case RunKind::Restore: return "Restore";
    case RunKind::Drill: break;
  }
  return "Test restore";
}

struct HostStorage {
  std::string host;
  std::size_t archives = 0;
  std::uint64_t bytes = 0;
  Time newest;
};

// The largest first; what is more than can be told is taken together.
std::vector<HostStorage> storage_by_host(const std::vector<ReportArchive>& archives) {
  std::map<std::string, HostStorage> by_host;
  for (const ReportArchive& archive : archives) {
    HostStorage& storage = by_host[archive.host];
    storage.host = archive.host;
    ++storage.archives;
    storage.bytes += archive.bytes;
    storage.newest = std::max(storage.newest, archive.taken_at);
  }
  std::vector<HostStorage> hosts;
  hosts.reserve(by_host.size());
  for (auto& [host, storage] : by_host) hosts.push_back(std::move(storage));
  std::ranges::stable_sort(hosts, std::ranges::greater(), &HostStorage::bytes);
  while (hosts.size() > kMostHosts) {
    const HostStorage last = std::move(hosts.back());
    hosts.pop_back();
    HostStorage& others = hosts.back();
    others = {"others", others.archives + last.archives, others.bytes + last.bytes,
              std::max(others.newest, last.newest)};
  }
  return hosts;
}

// Failures that followed one another for the same reason.
struct FailureRow {
  const ReportRun* last;
  const ReportRun* first;
  std::size_t count;
};

std::vector<FailureRow> failure_rows(const std::vector<ReportRun>& runs) {
  std::vector<FailureRow> rows;
  for (const ReportRun& run : runs) {
    if (!has_failed(run)) continue;
    const bool goes_on = !rows.empty() && rows.back().first->kind == run.kind &&
                         rows.back().first->sentence == run.sentence;
    if (goes_on) {
      rows.back().first = &run;
      ++rows.back().count;
    } else {
      rows.push_back({&run, &run, 1});
    }
  }
  return rows;
}

std::string failure_markup(const FailureRow& row, const TimeZone& zone) {
  std::string when = local_text(row.last->started_at, zone);
  if (row.count > 1) when += fmt::format("<br/>since {}", local_text(row.first->started_at, zone));
  return fmt::format(
      R"(<tr><td class="time">{}</td><td class="number">{}</td><td class="time">{}</td><td>{}</td></tr>
)",
      when, row.count, kind_words(row.last->kind),
      row.last->sentence.empty() ? "It was interrupted." : isolated(row.last->sentence));
}

}  // namespace

bool has_failed(const ReportRun& run) {
  return run.outcome == RunOutcome::Failed || run.outcome == RunOutcome::Interrupted;
}

std::string time_markup(const std::optional<Time>& time, Time now, const TimeZone& zone,
                        std::string_view otherwise) {
  if (!time) return escaped(otherwise);
  return fmt::format(R"({} <span class="quiet">({})</span>)", local_text(*time, zone),
                     ago_text(*time, now));
}

std::string storage_table(const ReportDataset& dataset, Time now, const TimeZone& zone) {
  if (dataset.archives.empty()) return "";
  const std::vector<HostStorage> hosts = storage_by_host(dataset.archives);
  double all = 0;
  for (const HostStorage& host : hosts) all += static_cast<double>(host.bytes);
  std::string rows;
  for (const HostStorage& host : hosts) {
    const double share = all > 0 ? static_cast<double>(host.bytes) / all : 0;
    rows += fmt::format(
        R"(<tr><th scope="row">{}</th><td class="number">{}</td><td class="number">{}</td><td>{}</td><td>{}</td></tr>
)",
        host.host.empty() ? "not told" : isolated(host.host, kMostNameBytes), host.archives,
        size_text(host.bytes), svg_share(share), time_markup(host.newest, now, zone, ""));
  }
  return fmt::format(R"(<table>
<caption>Storage by computer{}</caption>
<thead><tr><th scope="col">Computer</th><th scope="col" class="number">Archives</th><th scope="col" class="number">Size</th><th scope="col">Share</th><th scope="col">Newest</th></tr></thead>
<tbody>
{}</tbody>
</table>
)",
                     dataset.has_more_archives ? ", of the newest archives" : "", rows);
}

std::string failures_table(const ReportDataset& dataset, Time now, const TimeZone& zone) {
  const std::vector<FailureRow> failures = failure_rows(dataset.runs);
  if (failures.empty()) {
    return dataset.runs.empty() ? "<p>There was no run yet.</p>\n"
                                : "<p>No run has failed, as far back as is told here.</p>\n";
  }
  std::string rows;
  for (std::size_t i = 0; i < std::min(failures.size(), kMostFailures); ++i) {
    rows += failure_markup(failures[i], zone);
  }
  return fmt::format(R"(<table>
<caption>Failures, the last one {}{}</caption>
<thead><tr><th scope="col">When</th><th scope="col" class="number">How often</th><th scope="col">What</th><th scope="col">Why</th></tr></thead>
<tbody>
{}</tbody>
</table>
)",
                     ago_text(failures.front().last->started_at, now),
                     failures.size() > kMostFailures ? "; older ones are not told here" : "", rows);
}

}  // namespace holdfast
