#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "common/path_text.h"
#include "tests/support/database.h"

namespace holdfast {
namespace {

const std::filesystem::path kService = text_path(HOLDFAST_SOURCE) / "service";

// By which files are opened, made, moved or removed without Storage and without SQLite.
const std::regex kFileCall(
    R"(::(CreateFile|FindFirstFile|MoveFile|CopyFile|ReplaceFile|DeleteFile|CreateDirectory|RemoveDirectory)\w*\()"
    R"(|std::[io]?fstream\b|::fopen\b|[^\w:]::open\()"
    R"(|filesystem::(remove|remove_all|rename|copy|copy_file|create_\w+|resize_file)\()"
    R"(|filesystem::(recursive_)?directory_iterator\b)");

// Where that is so, and why it opens nothing of a user's with the service's own token.
const std::map<std::string, std::string> kKnown{
    {"agent/status_file.cpp", "in the data folder, which is the service's own"},
    {"setup/purge.cpp", "in the data folder, and the service does not run then"},
    {"archive/extraction_files.cpp", "with the rights of whoever calls the command line"},
    {"backup/live_database.cpp", "on the job's thread, which has its rights, beside a database"},
    {"restore/staged_sidecars.cpp", "on the job's thread, in its own folder of staged files"},
    {"restore/remove_tree.cpp", "on the job's thread, an empty folder that Storage has listed"},
    {"cloud/one_drive_facts_posix.cpp", "called with the rights of the user who is asked about"},
    {"cloud/one_drive_facts_windows.cpp", "called with the rights of the user who is asked about"},
};

TEST_CASE("Only the platform's code opens files, but for what is known to open no user's") {
  std::set<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kService)) {
    const std::filesystem::path below = entry.path().lexically_relative(kService);
    const bool is_code = below.extension() == ".cpp" || below.extension() == ".h";
    if (!is_code || *below.begin() == "platform") continue;
    if (std::regex_search(file_content(entry.path()), kFileCall)) found.insert(path_text(below));
  }
  std::set<std::string> known;
  for (const auto& [name, why] : kKnown) known.insert(name);
  CHECK(found == known);
}

TEST_CASE("A user's rights, and the service's limits, are taken on in a few places only") {
  const std::regex taken(R"(\bActingAs \w+\()");
  std::set<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kService)) {
    if (entry.path().extension() == ".cpp" &&
        std::regex_search(file_content(entry.path()), taken)) {
      found.insert(path_text(entry.path().lexically_relative(kService)));
    }
  }
  // All work, watched queries, a user's OneDrive, and the threads that a job starts.
  CHECK(found == std::set<std::string>{"jobs/user_work.cpp", "agent/trigger_watch.cpp",
                                       "host/agent_host.cpp", "backup/backup_run.cpp",
                                       "restore/restore_run.cpp"});
}

}  // namespace
}  // namespace holdfast
