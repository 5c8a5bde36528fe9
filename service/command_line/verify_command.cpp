#include "service/command_line/verify_command.h"

#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/path_text.h"
#include "common/text.h"
#include "service/archive/archive_reader.h"
#include "service/archive/verify_archive.h"
#include "service/command_line/command_options.h"
#include "service/command_line/interrupt.h"
#include "service/command_line/progress_line.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;
using nlohmann::json;
using Texts = std::vector<std::string>;

struct Verified {
  std::string archive;
  std::vector<std::string> faults;
  std::uint64_t bytes = 0;
};

Verified verified(const std::string& archive, ProgressLine& line, const std::stop_token& stop) {
  Verified outcome{.archive = archive};
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

ExitCode verify(const po::variables_map& options, Output output) {
  const Interrupt interrupt;
  std::vector<Verified> outcomes;
  {
    ProgressLine line(output.err, watched(options, output));
    for (const std::string& archive : operands(options, "archive", "archive")) {
      outcomes.push_back(verified(archive, line, interrupt.token()));
    }
  }
  json list = json::array();
  bool all_good = true;
  for (const Verified& outcome : outcomes) {
    const bool good = outcome.faults.empty();
    all_good = all_good && good;
    list.push_back({{"archive", outcome.archive},
                    {"good", good},
                    {"content_bytes", outcome.bytes},
                    {"faults", outcome.faults}});
    if (options.contains("json")) continue;
    output.out << fmt::format("{}: {}\n", good ? "Good" : "BAD", outcome.archive);
    for (const std::string& fault : outcome.faults) output.out << "  " << fault << '\n';
  }
  if (options.contains("json")) output.out << list.dump(2) << '\n';
  return all_good ? ExitCode::Success : ExitCode::Failed;
}

void add_verify_options(po::options_description& options) {
  options.add_options()("archive", po::value<Texts>()->value_name("ARCHIVE"),
                        "an archive; can be repeated, and the option's name left out")(
      "json", "print the outcome as JSON");
}

}  // namespace

Command verify_command() {
  return {.name = "verify",
          .synopsis = "verify ARCHIVE...",
          .summary = "Reads archives whole and compares every byte with its checksums",
          .details = "Exit code: 0 all good, 70 at least one is not.",
          .example = "holdfast verify backups/*.zip",
          .operands = "archive",
          .add_options = &add_verify_options,
          .run = &verify};
}

}  // namespace holdfast
