#include "service/command_line/delete_command.h"

#include <array>
#include <iostream>
#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/path_text.h"
#include "common/protocol/messages.h"
#include "common/text.h"
#include "service/archive/archive_name.h"
#include "service/command_line/command_options.h"
#include "service/command_line/open_connection.h"
#include "service/command_line/text_layout.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;
using nlohmann::json;
using namespace std::chrono_literals;

// A destination on a slow share is looked through first.
constexpr std::chrono::milliseconds kDeletionDeadline = 5min;

// The service knows where it lies.
std::string file_name_of(const std::string& archive) {
  return path_text(text_path(archive).filename());
}

std::string dataset_of(const po::variables_map& options, const std::string& file_name) {
  if (options.contains("dataset")) return options["dataset"].as<std::string>();
  if (const auto name = parse_archive_name(file_name)) return name->dataset;
  throw Error(ErrorCode::Usage, fmt::format("\"{}\" is no archive's name.", one_line(file_name)),
              "See the names with \"holdfast archives DATASET\".");
}

// Whoever cannot be asked has to say it beforehand.
bool is_confirmed(const po::variables_map& options, const std::string& file_name, Output output) {
  if (options.contains("yes")) return true;
  if (!output.err_is_terminal) {
    throw Error(ErrorCode::Usage, "Nobody can be asked whether to delete the archive.",
                "Say it with --yes.");
  }
  output.err << fmt::format("Delete {} for good? [y/N] ", one_line(file_name, 200)) << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer.starts_with('y') || answer.starts_with('Y');
}

ExitCode remove(const po::variables_map& options, Output output) {
  const std::string file_name = file_name_of(operand(options, "archive", "ARCHIVE"));
  const json request = {{"dataset", dataset_of(options, file_name)}, {"archive", file_name}};
  if (!is_confirmed(options, file_name, output)) {
    throw Error(ErrorCode::Cancelled, "The archive was not deleted.", "");
  }
  const json answer = open_connection()->call(method::kArchiveDelete, request, kDeletionDeadline);
  output.out << (options.contains("json")
                     ? json_text(answer)
                     : led("Deleted:", one_line(answer.at("deleted").get<std::string>(), 200),
                           output.style));
  return ExitCode::Success;
}

void add_delete_options(po::options_description& options) {
  options.add_options()("archive", po::value<std::vector<std::string>>()->value_name("ARCHIVE"),
                        "which archive, by its file name")(
      "dataset", po::value<std::string>()->value_name("DATASET"),
      "whose it is, where its name does not tell")("yes", "without asking");
  add_json_option(options);
}

constexpr std::array<ExitMeaning, 1> kExitCodes{
    {{ExitCode::ServiceNotReachable, "the service could not be reached"}}};

}  // namespace

Command delete_command() {
  return {.name = "delete",
          .synopsis = "delete ARCHIVE [--dataset DATASET] [--yes] [--json]",
          .summary = "Deletes one archive for good",
          .details =
              "Never the newest verified one, the last that passed a test restore or is surely in "
              "the cloud, and none while data may be lost. Needs an administrator.",
          .example = "holdfast delete clinic_20261120T060000Z_PC.zip",
          .exit_codes = kExitCodes,
          .operands = "archive",
          .add_options = &add_delete_options,
          .run = &remove};
}

}  // namespace holdfast
