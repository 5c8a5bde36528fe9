#pragma once

#include <string>

#include "service/command_line/command.h"

namespace holdfast {

// One of the archives that the service knows.
struct ArchiveChoice {
  std::string dataset;
  std::string file_name;
};

// From the operand ARCHIVE, a file name or a path that ends in one, and --dataset where the name
// does not tell. Throws Error(Usage).
ArchiveChoice archive_choice(const boost::program_options::variables_map& options);
void add_archive_choice(boost::program_options::options_description& options,
                        const char* meaning = "which archive, by its file name");

}  // namespace holdfast
