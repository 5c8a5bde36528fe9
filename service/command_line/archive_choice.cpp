#include "service/command_line/archive_choice.h"

#include <vector>

#include <fmt/format.h>

#include "common/error.h"
#include "common/path_text.h"
#include "common/text.h"
#include "service/archive/archive_name.h"
#include "service/command_line/command_options.h"

namespace holdfast {

namespace po = boost::program_options;

ArchiveChoice archive_choice(const po::variables_map& options) {
  // The service knows where it lies.
  ArchiveChoice choice{.file_name =
                           path_text(text_path(operand(options, "archive", "ARCHIVE")).filename())};
  if (options.contains("dataset")) {
    choice.dataset = options["dataset"].as<std::string>();
  } else if (const auto name = parse_archive_name(choice.file_name)) {
    choice.dataset = name->dataset;
  } else {
    throw Error(ErrorCode::Usage,
                fmt::format("\"{}\" is no archive's name.", one_line(choice.file_name)),
                "See the names with \"holdfast archives DATASET\".");
  }
  return choice;
}

void add_archive_choice(po::options_description& options, const char* meaning) {
  options.add_options()("archive", po::value<std::vector<std::string>>()->value_name("ARCHIVE"),
                        meaning)("dataset", po::value<std::string>()->value_name("DATASET"),
                                 "whose it is, where its name does not tell");
}

}  // namespace holdfast
