#include "service/command_line/verify_command.h"

#include <algorithm>
#include <array>
#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/path_text.h"
#include "service/archive/archive_reader.h"
#include "service/archive/verify_archive.h"
#include "service/command_line/archive_report.h"
#include "service/command_line/command_options.h"
#include "service/command_line/interrupt.h"
#include "service/command_line/progress_line.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;
using Texts = std::vector<std::string>;

VerifiedArchive verified(const std::string& archive, ProgressLine& line,
                         const std::stop_token& stop) {
  VerifiedArchive outcome{.archive = archive};
  try {
    DiskStorage storage;
    const ArchiveReader reader(storage, text_path(archive));
    const VerifyReport report = verify_archive(
        reader,
        [&line](std::uint64_t done, std::uint64_t total) { line.show("verifying", done, total); },
        stop);
    outcome.faults = report.faults;
    outcome.bytes = report.bytes;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::Cancelled) throw;
    outcome.faults = {error.line()};
  }
  return outcome;
}

std::string label_of(std::size_t number, std::size_t of) {
  return of == 1 ? "" : fmt::format("{}/{}", number, of);
}

ExitCode verify(const po::variables_map& options, Output output) {
  const Interrupt interrupt;
  const Texts& archives = operands(options, "archive", "archive");
  std::vector<VerifiedArchive> outcomes;
  for (const std::string& archive : archives) {
    ProgressLine line(output.err, watched(options, output), output.err_columns,
                      label_of(outcomes.size() + 1, archives.size()));
    outcomes.push_back(verified(archive, line, interrupt.token()));
  }
  output.out << (options.contains("json") ? json_text(verified_json(outcomes))
                                          : verified_report(outcomes, output.style));
  const bool all_good =
      std::all_of(outcomes.begin(), outcomes.end(),
                  [](const VerifiedArchive& outcome) { return outcome.faults.empty(); });
  return all_good ? ExitCode::Success : ExitCode::Failed;
}

void add_verify_options(po::options_description& options) {
  options.add_options()("archive", po::value<Texts>()->value_name("ARCHIVE"),
                        "an archive; several can be named");
  add_json_option(options);
}

constexpr std::array<ExitMeaning, 2> kExitCodes{
    {{ExitCode::Success, "all are good"},
     {ExitCode::Failed, "at least one is not, or cannot be read"}}};

}  // namespace

Command verify_command() {
  return {.name = "verify",
          .synopsis = "verify ARCHIVE... [--json]",
          .summary = "Reads archives whole and compares every byte with its checksums",
          .details = "",
          .example = "holdfast verify clinic_20261120T100000Z_PC.zip",
          .exit_codes = kExitCodes,
          .operands = "archive",
          .operand_kind = OperandKind::File,
          .add_options = &add_verify_options,
          .run = &verify};
}

}  // namespace holdfast
