#include <algorithm>
#include <fstream>
#include <string_view>
#include <system_error>

#include "common/error.h"
#include "common/path_text.h"
#include "service/platform/running_programs.h"

namespace holdfast {
namespace {

bool is_process(const std::string& name) {
  return name.find_first_not_of("0123456789") == std::string::npos;
}

// The program's file, where that may be seen; what the process calls itself, which is cut after 15
// bytes, is all that others tell.
void add_names(const std::filesystem::path& process, std::set<std::string>& names) {
  constexpr std::string_view kDeleted = " (deleted)";
  std::error_code hidden;
  std::string file = path_text(std::filesystem::read_symlink(process / "exe", hidden).filename());
  if (file.ends_with(kDeleted)) file.resize(file.size() - kDeleted.size());
  if (!file.empty()) names.insert(std::move(file));

  std::ifstream comm(process / "comm");
  if (std::string name; std::getline(comm, name) && !name.empty()) names.insert(std::move(name));
}

}  // namespace

std::set<std::string> running_programs() {
  std::set<std::string> names;
  std::error_code failure;
  for (std::filesystem::directory_iterator at("/proc", failure), end; !failure && at != end;
       at.increment(failure)) {
    if (is_process(path_text(at->path().filename()))) add_names(at->path(), names);
  }
  if (!failure && !names.empty()) return names;
  throw Error(ErrorCode::SystemCallFailed,
              "Cannot list the running programs: /proc cannot be read.",
              "Check that /proc is mounted.");
}

}  // namespace holdfast
