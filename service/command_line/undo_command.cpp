#include "service/command_line/undo_command.h"

#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/protocol/messages.h"
#include "common/text.h"
#include "service/command_line/command_options.h"
#include "service/command_line/confirmation.h"
#include "service/command_line/dataset_choice.h"
#include "service/command_line/open_connection.h"
#include "service/command_line/service_restore.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;
using nlohmann::json;

// What the service will restore; empty where it will say why it cannot.
std::string safety_archive(ServiceConnection& service, const std::string& dataset) {
  const json runs =
      service
          .call(method::kHistory,
                {{"dataset", dataset}, {"kind", "restore"}, {"outcome", "verified"}, {"limit", 1}},
                kServiceDeadline)
          .at("runs");
  return runs.empty() ? std::string() : runs.at(0).value("archive", "");
}

ExitCode undo(const po::variables_map& options, Output output) {
  const auto service = open_connection();
  const std::string dataset = dataset_choice(*service, options);
  const std::string archive = safety_archive(*service, dataset);
  if (!archive.empty()) {
    const std::string question =
        fmt::format("Take back the last restore of {}?", one_line(dataset));
    if (!is_restore_confirmed(*service, {dataset, archive}, question, options, output)) {
      throw Error(ErrorCode::Cancelled, "Nothing was restored.", "Nothing was changed.");
    }
  }
  return restore_by_service(*service, {dataset, archive}, method::kRestoreUndo,
                            {{"dataset", dataset}}, options, output);
}

void add_undo_options(po::options_description& options) {
  add_dataset_choice(options);
  add_yes_option(options);
  add_json_option(options);
}

constexpr std::array<ExitMeaning, 2> kExitCodes{
    {{ExitCode::ServiceNotReachable, "the service could not be reached"},
     {ExitCode::Failed, "not restored; a sentence on stderr tells why"}}};

}  // namespace

Command undo_command() {
  return {.name = "undo",
          .synopsis = "undo [DATASET] [--yes] [--json]",
          .summary = "Takes back the last restore",
          .details =
              "Restores what was there before, which was archived then. It is a restore like "
              "another: to take it back, undo again. Needs an administrator.",
          .example = "holdfast undo clinic",
          .exit_codes = kExitCodes,
          .operands = "dataset",
          .operand_kind = OperandKind::Dataset,
          .add_options = &add_undo_options,
          .run = &undo};
}

}  // namespace holdfast
