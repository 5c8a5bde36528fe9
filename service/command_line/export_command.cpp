#include "service/command_line/export_command.h"

#include <algorithm>
#include <array>
#include <ostream>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/path_text.h"
#include "common/protocol/messages.h"
#include "common/text.h"
#include "service/archive/archive_name.h"
#include "service/archive/export_archive.h"
#include "service/command_line/command_options.h"
#include "service/command_line/interrupt.h"
#include "service/command_line/open_connection.h"
#include "service/command_line/progress_line.h"
#include "service/command_line/text_layout.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;
using nlohmann::json;
using Texts = std::vector<std::string>;

constexpr int kMostArchives = 1000;  // of one answer
constexpr std::size_t kMostToldBytes = 1000;

Error not_found(const std::string& named, const std::string& why, std::string action) {
  return {ErrorCode::NotFound,
          fmt::format("Cannot export {}: {}.", one_line(named, kMostToldBytes), why),
          std::move(action)};
}

// Of what cannot be seen only the attempt to open it tells whether it is not there, and otherwise
// why it cannot be reached.
bool is_missing(const std::filesystem::path& path) {
  try {
    DiskStorage().open(path);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::NotFound) throw;
    return true;
  }
  return false;
}

// Where the archives lie. The service is asked only for those that are told by name alone, and only
// where they lie: they are read with the rights of whoever calls.
std::vector<std::filesystem::path> places_of(const Texts& named) {
  std::unique_ptr<ServiceConnection> service;
  std::vector<std::filesystem::path> places;
  for (const std::string& archive : named) {
    const std::filesystem::path path = text_path(archive);
    std::error_code unknown;
    if (std::filesystem::is_directory(path, unknown)) {
      throw not_found(archive, "it is a folder", "Give the paths of the archives in it.");
    }
    if (std::filesystem::exists(path, unknown)) {
      places.push_back(std::filesystem::absolute(path));
      continue;
    }
    const auto name = path.has_parent_path() ? std::nullopt : parse_archive_name(archive);
    if (!name) {
      if (!is_missing(path)) {
        places.push_back(std::filesystem::absolute(path));
        continue;
      }
      throw not_found(archive, "there is no such file",
                      "Give a path, or a name that \"holdfast archives DATASET\" shows.");
    }
    if (!service) service = open_connection();
    places.push_back(archive_place(*service, name->dataset, archive));
  }
  return places;
}

ArchiveExport exported(const std::string& named, const std::filesystem::path& archive,
                       const std::filesystem::path& folder, ProgressLine& line,
                       const std::stop_token& stop) {
  ArchiveExport outcome{.archive = named};
  try {
    DiskStorage storage;
    const ExportedArchive copy = export_archive(
        archive, folder, storage,
        [&line](ExportPhase phase, std::uint64_t done, std::uint64_t total) {
          line.show(name(phase), done, total);
        },
        stop);
    outcome.copy = path_text(copy.copy);
    outcome.bytes = copy.bytes;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::Cancelled) throw;
    outcome.fault = error.line();
  }
  return outcome;
}

ExitCode export_archives(const po::variables_map& options, Output output) {
  const Texts& named = operands(options, "archive", "ARCHIVE");
  const std::filesystem::path folder =
      std::filesystem::absolute(text_path(required(options, "to")));
  const std::vector<std::filesystem::path> archives = places_of(named);
  const Interrupt interrupt;
  std::vector<ArchiveExport> outcomes;
  for (std::size_t i = 0; i < named.size(); ++i) {
    ProgressLine line(output.err, watched(options, output), output.err_columns,
                      named.size() == 1 ? "" : fmt::format("{}/{}", i + 1, named.size()));
    outcomes.push_back(exported(named[i], archives[i], folder, line, interrupt.token()));
  }
  output.out << (options.contains("json") ? json_text(exported_json(outcomes))
                                          : exported_report(outcomes, output.style));
  const bool all_done = std::ranges::all_of(
      outcomes, [](const ArchiveExport& outcome) { return outcome.fault.empty(); });
  return all_done ? ExitCode::Success : ExitCode::Failed;
}

void add_export_options(po::options_description& options) {
  options.add_options()("archive", po::value<Texts>()->value_name("ARCHIVE"),
                        "an archive, by its path or by its name; several can be named")(
      "to", po::value<std::string>()->value_name("DIR"),
      "the folder for the copies, made when it is missing");
  add_json_option(options);
}

constexpr std::array<ExitMeaning, 3> kExitCodes{
    {{ExitCode::Success, "all are exported"},
     {ExitCode::ServiceNotReachable, "the service could not be asked where an archive lies"},
     {ExitCode::Failed, "at least one is not"}}};

}  // namespace

std::filesystem::path archive_place(ServiceConnection& service, const std::string& dataset,
                                    const std::string& file_name) {
  json request = {{"dataset", dataset}, {"limit", kMostArchives}};
  for (bool has_more = true; has_more;) {
    const json answer = service.call(method::kArchiveList, request, kServiceDeadline);
    for (const json& archive : answer.at("archives")) {
      if (archive.at("archive") == file_name) {
        return text_path(archive.at("destination").get<std::string>()) / text_path(file_name);
      }
    }
    has_more = answer.at("more").get<bool>();
    if (has_more) request["offset"] = answer.at("next");
  }
  throw not_found(file_name,
                  "there is no such file here, and the service knows no archive of that name",
                  fmt::format("See the names with \"holdfast archives {}\".", dataset));
}

json exported_json(const std::vector<ArchiveExport>& archives) {
  json list = json::array();
  for (const auto& [archive, copy, bytes, fault] : archives) {
    list.push_back(fault.empty() ? json{{"archive", archive}, {"copy", copy}, {"bytes", bytes}}
                                 : json{{"archive", archive}, {"fault", fault}});
  }
  return list;
}

std::string exported_report(const std::vector<ArchiveExport>& archives, const Style& style) {
  std::string report;
  std::size_t failed = 0;
  for (const auto& [archive, copy, bytes, fault] : archives) {
    if (fault.empty()) {
      // A path may have blanks, and is never broken.
      report += fmt::format("{} {} ({})\n", toned("Exported and verified:", Tone::Good, style),
                            copy, size_text(bytes));
      continue;
    }
    ++failed;
    report += led("Not exported:", one_line(fault, kMostToldBytes), style, Tone::Bad);
  }
  if (archives.size() > 1) {
    report += fmt::format("{} exported, {} not.\n", archives.size() - failed, failed);
  }
  return report;
}

Command export_command() {
  return {.name = "export",
          .synopsis = "export ARCHIVE... --to DIR [--json]",
          .summary = "Copies archives to another place, and verifies the copies",
          .details =
              "Each copy is read back from there, compared with the original and checked whole "
              "before it gets its name; none replaces anything. The service is only asked where "
              "an archive lies that is told by its name alone.",
          .example = "holdfast export clinic_20261120T060000Z_PC.zip --to E:\\Backups",
          .exit_codes = kExitCodes,
          .operands = "archive",
          .operand_kind = OperandKind::File,
          .add_options = &add_export_options,
          .run = &export_archives};
}

}  // namespace holdfast
