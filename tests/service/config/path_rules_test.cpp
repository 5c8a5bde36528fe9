#include "service/config/path_rules.h"

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

TEST_CASE("A path is absolute or begins with a token, and Windows can make it") {
  struct Row {
    std::string path;
    const char* as_file;  // nullptr: good
    const char* as_folder;
  };
  const char* not_absolute =
      "is not absolute; begin with a drive, a share or a token like {localappdata}";
  const char* forbidden = "has a character that Windows forbids in names";
  const Row rows[] = {
      {"C:\\Clinic\\clinic.db", nullptr, nullptr},
      {"c:/Clinic/clinic.db", nullptr, nullptr},
      {"\\\\server\\share\\clinic.db", nullptr, nullptr},
      {"{documents}\\{guid}\\x.db", nullptr, nullptr},
      {"C:\\Clinic\\", "has an empty part", nullptr},
      {"\\\\server\\share", "lacks a server, a share or a file", nullptr},
      {"\\\\server", "lacks a server, a share or a file", "lacks a server or a share"},
      {"\\\\", "names no file", "names no file"},
      {"E:\\", "names no file", nullptr},
      {"{documents}", "names no file", nullptr},
      {"E:", "names no file", "needs a backslash behind the drive"},
      {"E:x", "needs a backslash behind its first part", "needs a backslash behind its first part"},
      {"", not_absolute, not_absolute},
      {"clinic.db", not_absolute, not_absolute},
      {"\\clinic.db", not_absolute, not_absolute},
      {"/srv/clinic.db", not_absolute, not_absolute},
      {"..\\clinic.db", not_absolute, not_absolute},
      {"C:\\a\\..\\b", "leaves its folder", "leaves its folder"},
      {"C:\\a\\.\\b", "leaves its folder", "leaves its folder"},
      {"C:\\a\\\\b", "has an empty part", "has an empty part"},
      {"C:\\a.\\b", "ends in a dot or a space", "ends in a dot or a space"},
      {"C:\\a\\b ", "ends in a dot or a space", "ends in a dot or a space"},
      {"C:\\a\\nul", "is a device on Windows", "is a device on Windows"},
      {"C:\\a\\COM1.db", "is a device on Windows", "is a device on Windows"},
      {"C:\\a\\b.db:stream", forbidden, forbidden},
      {"C:\\a\\*.db", forbidden, forbidden},
      {"\\\\?\\C:\\x", forbidden, forbidden},
      {"\\\\.\\pipe\\x", "leaves its folder", "leaves its folder"},
      {"C:\ttemp\\x", "has a control character; write each backslash twice",
       "has a control character; write each backslash twice"},
      {"C:\\x\\{profile}\\y", "has a token inside; a token stands at the beginning",
       "has a token inside; a token stands at the beginning"},
  };
  const auto said = [](const char* text) {
    return text == nullptr ? std::optional<std::string>() : std::optional<std::string>(text);
  };
  for (const Row& row : rows) {
    CAPTURE(row.path);
    CHECK(path_fault(row.path, PathUse::File) == said(row.as_file));
    CHECK(path_fault(row.path, PathUse::Folder) == said(row.as_folder));
  }
  std::string deep = "C:";
  for (int i = 0; i < 65; ++i) deep += "\\x";
  CHECK(path_fault(deep, PathUse::Folder) == "has more than 64 folders");
}

TEST_CASE("A folder in OneDrive is relative and stays inside") {
  for (const char* good : {"Backups", "Apps\\DocAssist\\Backups", "Apps/DocAssist"}) {
    CAPTURE(good);
    CHECK_FALSE(inner_folder_fault(good));
  }
  for (const char* bad : {"", "\\Apps", "C:\\Apps", "C:Apps", "..\\Apps", "Apps\\..\\x", "Apps\\",
                          "{documents}\\Apps", "Apps\\con", "\\\\server\\share\\x", "Apps."}) {
    CAPTURE(bad);
    CHECK(inner_folder_fault(bad));
  }
}

TEST_CASE("An include pattern is relative, with slashes, and stays beside the database") {
  for (const char* good :
       {"chroma/**", "chroma/", "**", "**/*.json", "settings.json", "a?/b*/**"}) {
    CAPTURE(good);
    CHECK_FALSE(include_fault(good));
  }
  for (const char* bad : {"", "/", "/x", "../x", "a/../b", "a\\b", "C:/x", "a//b", "a:b", "nul",
                          "a./b", "**/**/**"}) {
    CAPTURE(bad);
    CHECK(include_fault(bad));
  }
}

TEST_CASE("A program is told by its file's name") {
  for (const char* good : {"DocAssist.exe", "RVU Counter.EXE"}) CHECK_FALSE(program_fault(good));
  for (const char* bad :
       {"", "DocAssist", ".exe", "C:\\x\\a.exe", "x/a.exe", "con.exe", "a*.exe"}) {
    CAPTURE(bad);
    CHECK(program_fault(bad));
  }
}

TEST_CASE("Archives are kept neither beside the database nor in what is backed up with it") {
  struct Row {
    const char* folder;
    std::vector<std::string> include;
    bool good;
  };
  const Row rows[] = {
      {"E:\\Backups", {"**"}, true},
      {"{localappdata}\\App", {}, false},
      {"{LOCALAPPDATA}/app/", {}, false},
      {"{localappdata}\\App\\Backups", {}, true},
      {"{localappdata}\\App\\Backups", {"chroma/**"}, true},
      {"{localappdata}\\App\\Backups", {"**"}, false},
      {"{localappdata}\\App\\backups", {"chroma/**", "Backups/**"}, false},
      {"{localappdata}\\App\\Backups\\Old", {"Backups/"}, false},
      {"{localappdata}\\App\\Backups", {"*/*.zip"}, false},
      {"{localappdata}\\App\\Backups", {"**/*.tmp"}, false},
      {"{localappdata}\\App\\Backups", {"**/*.json"}, true},
      {"{localappdata}\\App2", {"**"}, true},
      {"{localappdata}", {"**"}, true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.folder, row.include);
    const auto fault =
        destination_fault("clinic", "{localappdata}\\App\\clinic.db", row.folder, row.include);
    CHECK(!fault == row.good);
  }
}

TEST_CASE("Two spellings of one path fold to the same text") {
  CHECK(folded_path("C:/Clinic/X.db") == folded_path("c:\\clinic\\x.DB"));
  CHECK(folded_path("E:\\Backups\\") == folded_path("E:\\Backups"));
  CHECK(folded_path("E:\\Backups") != folded_path("E:\\Backup"));
}

}  // namespace
}  // namespace holdfast
