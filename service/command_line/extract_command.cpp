#include "service/command_line/extract_command.h"

#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/path_text.h"
#include "service/archive/archive_reader.h"
#include "service/archive/extract_archive.h"
#include "service/command_line/command_options.h"
#include "service/command_line/interrupt.h"
#include "service/command_line/progress_line.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;
using nlohmann::json;
using Texts = std::vector<std::string>;

ExitCode extract(const po::variables_map& options, Output output) {
  const std::string& archive = operand(options, "archive", "archive");
  const std::filesystem::path folder =
      std::filesystem::absolute(text_path(required(options, "to")));
  DiskStorage storage;
  const Interrupt interrupt;
  const ArchiveReader reader(storage, text_path(archive));
  {
    ProgressLine line(output.err, watched(options, output), output.err_columns);
    extract_archive(
        reader, storage, folder,
        [&line](std::uint64_t done, std::uint64_t total) { line.show("extracting", done, total); },
        interrupt.token());
  }
  if (options.contains("json")) {
    json files = json::array();
    for (const ManifestEntry& entry : reader.entries()) files.push_back(entry.name);
    output.out << json_text(json{{"folder", path_text(folder)}, {"files", files}});
  } else {
    const std::size_t count = reader.entries().size();
    output.out << fmt::format("Extracted and checked: {} file{} in {}\n", count,
                              count == 1 ? "" : "s", path_text(folder));
  }
  return ExitCode::Success;
}

void add_extract_options(po::options_description& options) {
  options.add_options()("archive", po::value<Texts>()->value_name("ARCHIVE"), "the archive")(
      "to", po::value<std::string>()->value_name("DIR"),
      "the folder for the files, made when it is missing");
  add_json_option(options);
}

}  // namespace

Command extract_command() {
  return {.name = "extract",
          .synopsis = "extract ARCHIVE --to DIR [--json]",
          .summary = "Takes the files out of an archive, checked, replacing nothing",
          .details = "When something is wrong, nothing is left in the folder.",
          .example = "holdfast extract clinic_20261120T100000Z_PC.zip --to restored",
          .operands = "archive",
          .operand_kind = OperandKind::File,
          .add_options = &add_extract_options,
          .run = &extract};
}

}  // namespace holdfast
