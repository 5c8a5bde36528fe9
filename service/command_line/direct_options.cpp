#include "service/command_line/direct_options.h"

#include <fmt/format.h>

#include "common/error.h"

namespace holdfast {

void refuse_direct_options(const boost::program_options::variables_map& options) {
  for (const char* name : {"include", "count", "safety-to"}) {
    if (!options.contains(name)) continue;
    throw Error(ErrorCode::Usage, fmt::format("--{} is of no use without --database.", name),
                "Give the database's file, or leave it to the service.");
  }
}

}  // namespace holdfast
