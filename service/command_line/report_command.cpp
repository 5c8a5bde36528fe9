#include "service/command_line/report_command.h"

#include <array>
#include <ostream>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/path_text.h"
#include "common/protocol/messages.h"
#include "common/text.h"
#include "service/command_line/command_options.h"
#include "service/command_line/history_command.h"
#include "service/command_line/open_connection.h"
#include "service/command_line/text_layout.h"
#include "service/report/report_page.h"
#include "service/report/write_report.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;
using nlohmann::json;

// As many as the catalog keeps of a dataset.
constexpr int kMostRuns = 5000;
constexpr int kRunsOfPage = 1000;
constexpr std::size_t kMostArchives = 20'000;
constexpr int kArchivesOfPage = 1000;
constexpr const char* kUsualName = "holdfast-report.html";

void add_runs(ServiceConnection& service, ReportDataset& dataset) {
  json request = {{"dataset", dataset.status.id}};
  do {
    const json answer = runs_of_pages(service, request, kRunsOfPage);
    for (const json& run : answer.at("runs")) dataset.runs.push_back(report_run_from(run));
    dataset.has_more_runs = answer.contains("next");
    if (dataset.has_more_runs) request["before"] = answer["next"];
  } while (dataset.has_more_runs && dataset.runs.size() < kMostRuns);
}

void add_archives(ServiceConnection& service, ReportDataset& dataset) {
  json request = {{"dataset", dataset.status.id}, {"limit", kArchivesOfPage}};
  do {
    const json answer = service.call(method::kArchiveList, request, kServiceDeadline);
    for (const json& archive : answer.at("archives")) {
      dataset.archives.push_back(report_archive_from(archive));
    }
    dataset.has_more_archives = answer.contains("next");
    if (dataset.has_more_archives) request["offset"] = answer["next"];
  } while (dataset.has_more_archives && dataset.archives.size() < kMostArchives);
}

// In a folder that is named, the report has its usual name.
std::filesystem::path file_from(const po::variables_map& options) {
  std::filesystem::path file =
      std::filesystem::absolute(text_path(options["to"].as<std::string>()));
  std::error_code unknown;
  if (std::filesystem::is_directory(file, unknown)) file /= kUsualName;
  return file;
}

ExitCode report(const po::variables_map& options, Output output) {
  const std::filesystem::path file = file_from(options);
  const ReportFacts facts = report_facts(*open_connection(), SystemClock().now());
  const std::string page = report_page(facts, SystemTimeZone());
  DiskStorage storage;
  write_report(storage, file, page,
               options.contains("overwrite") ? Replaces::AnyFile : Replaces::ReportsOnly);
  if (options.contains("json")) {
    output.out << json_text(written_json(facts, file, page.size()));
  } else {
    // A path may have blanks, and is never broken.
    output.out << toned("Written:", Tone::Good, output.style) << ' ' << path_text(file) << " ("
               << size_text(page.size()) << ")\n";
  }
  return ExitCode::Success;
}

void add_report_options(po::options_description& options) {
  options.add_options()("to",
                        po::value<std::string>()->value_name("FILE")->default_value(kUsualName),
                        "the page's file, or its folder, made when it is missing")(
      "overwrite", "replace whatever file has that name; else only an earlier report");
  add_json_option(options);
}

constexpr std::array<ExitMeaning, 1> kExitCodes{
    {{ExitCode::ServiceNotReachable, "the service could not be reached"}}};

}  // namespace

ReportFacts report_facts(ServiceConnection& service, Time now) {
  const json info = service.call(method::kServiceInfo, json::object(), kServiceDeadline);
  ReportFacts facts{
      .status = status_from(service.call(method::kStatus, json::object(), kServiceDeadline)),
      .host = info.at("host").get<std::string>(),
      .version = info.at("version").get<std::string>(),
      .made_at = now};
  for (const DatasetStatus& status : facts.status.datasets) {
    ReportDataset dataset{.status = status};
    add_runs(service, dataset);
    add_archives(service, dataset);
    facts.datasets.push_back(std::move(dataset));
  }
  return facts;
}

json written_json(const ReportFacts& facts, const std::filesystem::path& file, std::size_t bytes) {
  std::size_t runs = 0;
  std::size_t archives = 0;
  for (const ReportDataset& dataset : facts.datasets) {
    runs += dataset.runs.size();
    archives += dataset.archives.size();
  }
  return {
      {"report", path_text(file)},         {"bytes", bytes}, {"health", name(facts.status.health)},
      {"datasets", facts.datasets.size()}, {"runs", runs},   {"archives", archives}};
}

Command report_command() {
  return {.name = "report",
          .synopsis = "report [--to FILE.html] [--overwrite] [--json]",
          .summary = "Writes a page with charts of how well the data is protected",
          .details =
              "One HTML file for any browser, with no script, which needs no network: health, "
              "sizes, durations, ages, test restores, storage and failures. It replaces an "
              "earlier report of that name, and nothing else unless it is told to.",
          .example = "holdfast report --to D:\\Reports\\today.html",
          .exit_codes = kExitCodes,
          .add_options = &add_report_options,
          .run = &report};
}

}  // namespace holdfast
