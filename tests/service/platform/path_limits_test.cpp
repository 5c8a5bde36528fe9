#include "service/platform/path_limits.h"

#include <atomic>
#include <functional>
#include <set>
#include <stop_token>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"
#include "service/backup/live_database.h"
#include "service/platform/storage.h"
#include "tests/support/database.h"
#include "tests/support/folder_link.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

// A folder of an application, and beside it a link to one where nobody but the service may write.
struct Folders {
  TemporaryFolder folder;
  std::filesystem::path plain = folder.path() / "plain";
  std::filesystem::path secret = folder.path() / "secret";
  std::filesystem::path link = folder.path() / "link";
  ServiceRights rights{{}};
  DiskStorage disk;

  Folders() {
    for (const auto& each : {plain, secret}) {
      std::filesystem::create_directories(each);
      write_file(each / "file", "content");
      std::filesystem::create_directories(each / "inner");
    }
  }
  void link_to_secret() const {
    if (!make_folder_link(secret, link)) SKIP("This system makes no such links.");
  }
  ErrorCode code_of(const std::function<void()>& what) const {
    try {
      const ActingAs acting(&rights);
      what();
    } catch (const Error& error) {
      return error.code();
    }
    FAIL("it was done");
    return {};
  }
  bool is_refused(const std::function<void()>& what) const {
    return code_of(what) == ErrorCode::AccessDenied;
  }
  static std::set<std::filesystem::path> all_in(const std::filesystem::path& top) {
    std::set<std::filesystem::path> all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(top)) {
      all.insert(entry.path());
    }
    return all;
  }
  // All that is in the folder, and what the file holds.
  std::pair<std::set<std::filesystem::path>, std::string> secrets() const {
    return {all_in(secret), file_content(secret / "file")};
  }
};

TEST_CASE_METHOD(Folders, "Through a link the service opens, makes, moves and removes nothing") {
  link_to_secret();
  const auto before = secrets();
  CHECK(is_refused([&] { disk.open(link / "file"); }));
  CHECK(is_refused([&] { disk.create(link / "new"); }));
  CHECK(is_refused([&] { disk.create(link / "inner" / "new"); }));
  CHECK(is_refused([&] { disk.rename(link / "file", plain / "taken"); }));
  CHECK(is_refused([&] { disk.rename(plain / "file", link / "planted"); }));
  CHECK(is_refused([&] { disk.replace(plain / "file", link / "file"); }));
  CHECK(is_refused([&] { disk.replace(link / "file", plain / "file"); }));
  CHECK(is_refused([&] { disk.remove(link / "file"); }));
  CHECK(is_refused([&] { disk.is_being_written(link / "file"); }));
  CHECK(is_refused([&] { disk.create_folders(link / "deep" / "folder"); }));
  CHECK(is_refused([&] { disk.create_folders(link / "inner"); }));
  CHECK(is_refused([&] { disk.list(link); }));
  CHECK(is_refused([&] { disk.list(link / "inner"); }));
  CHECK(secrets() == before);
  CHECK(all_in(plain).size() == 2);
}

TEST_CASE_METHOD(Folders, "The same is done where there is no link, and for users through links") {
  {
    const ActingAs acting(&rights);
    CHECK(disk.open(plain / "file")->size() == 7);
    disk.create(plain / "new")->write_at(0, {});
    CHECK_FALSE(disk.is_being_written(plain / "new"));
    disk.rename(plain / "new", plain / "inner" / "renamed");
    disk.replace(plain / "inner" / "renamed", plain / "file");
    CHECK(disk.open(plain / "file")->size() == 0);
    disk.create_folders(plain / "deep" / "folder");
    disk.rename(plain / "deep", plain / "high");
    disk.remove(plain / "file");
    CHECK(disk.list(plain).size() == 2);
    CHECK(disk.list(plain / "high").size() == 1);
  }
  link_to_secret();
  CHECK(disk.open(link / "file")->size() == 7);
  CHECK(disk.list(link).size() == 2);
}

TEST_CASE_METHOD(Folders, "What is in the way or missing is told to the service as to others") {
  CHECK(code_of([&] { disk.open(plain / "none"); }) == ErrorCode::NotFound);
  CHECK(code_of([&] { disk.remove(plain / "none"); }) == ErrorCode::NotFound);
  CHECK(code_of([&] { disk.list(plain / "none"); }) == ErrorCode::NotFound);
  CHECK(code_of([&] { disk.create(plain / "none" / "new"); }) == ErrorCode::NotFound);
  CHECK(code_of([&] { disk.create(plain / "file"); }) == ErrorCode::AlreadyExists);
  CHECK(code_of([&] { disk.rename(plain / "none", plain / "new"); }) == ErrorCode::NotFound);
  CHECK(code_of([&] { disk.rename(plain / "file", secret / "file"); }) == ErrorCode::AlreadyExists);
}

TEST_CASE_METHOD(Folders, "Who swaps a folder for a link while files are made in it wins nothing") {
  link_to_secret();
  std::filesystem::remove(link);
  const auto before = secrets();
  const std::filesystem::path place = plain / "inner";
  std::atomic<int> tries{0};
  std::jthread swapper([&](const std::stop_token& stop) {
    std::error_code busy;
    for (int swaps = 1; !stop.stop_requested(); ++swaps) {
      std::filesystem::rename(place, plain / "aside", busy);
      if (busy) continue;
      const bool is_link = make_folder_link(secret, place);
      while (is_link && !std::filesystem::remove(place, busy)) continue;
      std::filesystem::rename(plain / "aside", place, busy);
      // Now and then the folder stays for a whole try.
      const int before_it = tries;
      while (swaps % 8 == 0 && tries < before_it + 2 && !stop.stop_requested()) {
        std::this_thread::yield();
      }
    }
  });
  int made = 0;
  for (int i = 0; i < 1000 || (made == 0 && i < 100'000); ++i) {
    try {
      const ActingAs acting(&rights);
      disk.create(place / std::to_string(i));
      ++made;
    } catch (const Error&) {  // refused, or there was no folder at that moment
    }
    ++tries;
  }
  swapper.request_stop();
  swapper.join();
  CHECK(made > 0);
  CHECK(secrets() == before);
}

TEST_CASE_METHOD(Folders,
                 "A link itself can be removed by the service, and what it leads to stays") {
  link_to_secret();
  const auto before = secrets();
  {
    const ActingAs acting(&rights);
    disk.remove(link);
  }
  CHECK_FALSE(std::filesystem::exists(std::filesystem::symlink_status(link)));
  CHECK(secrets() == before);
}

TEST_CASE_METHOD(Folders, "A file that has further names is not opened by the service") {
  std::filesystem::create_hard_link(secret / "file", plain / "hard");
  CHECK(is_refused([&] { disk.open(plain / "hard"); }));
  CHECK(disk.open(plain / "hard")->size() == 7);
  {
    const ActingAs acting(&rights);
    disk.remove(plain / "hard");
    CHECK(disk.open(secret / "file")->size() == 7);
  }
}

TEST_CASE_METHOD(Folders, "A database is not opened through a link by the service") {
  make_database(secret / "clinic.db", "CREATE TABLE t(a)");
  {
    const ActingAs acting(&rights);
    CHECK_NOTHROW(LiveDatabase(secret / "clinic.db"));
  }
  link_to_secret();
  CHECK(is_refused([&] { LiveDatabase database(link / "clinic.db"); }));
  CHECK_NOTHROW(LiveDatabase(link / "clinic.db"));
}

TEST_CASE("What lies in a user's own folder is told from what is everybody's") {
  struct Row {
    const char* path;
    bool is_of_a_user;
  };
#ifdef _WIN32
  const PathLimits limits{.profiles = "C:\\Users"};
  const Row rows[] = {{"C:\\Users\\anna\\notes.db", true},
                      {"c:\\users\\ANNA", true},
                      {"C:\\Users\\Public\\..\\anna\\notes.db", true},
                      {"C:\\Users\\Public\\Documents\\clinic.db", false},
                      {"C:\\Users", false},
                      {"C:\\Users2\\anna\\clinic.db", false},
                      {"D:\\Users\\anna\\clinic.db", false},
                      {"C:\\ProgramData\\EMR\\clinic.db", false}};
#else
  const PathLimits limits{.profiles = "/users"};
  const Row rows[] = {{"/users/anna/notes.db", true},
                      {"/USERS/Anna", true},
                      {"/users/public/../anna/notes.db", true},
                      {"/users/Public/clinic.db", false},
                      {"/users", false},
                      {"/users2/anna/clinic.db", false},
                      {"/data/users/anna", false}};
#endif
  for (const Row& row : rows) {
    CAPTURE(row.path);
    CHECK(is_of_a_user(row.path, limits) == row.is_of_a_user);
    CHECK_FALSE(is_of_a_user(row.path, {}));
  }
}

TEST_CASE_METHOD(Folders, "What is a user's is not opened with the service's own rights") {
  const ServiceRights own({.profiles = folder.path()});
  write_file(plain / "notes", "milk");
  const auto refused = [&](const std::function<void()>& what) {
    const ActingAs acting(&own);
    try {
      what();
      return false;
    } catch (const Error& error) {
      return error.code() == ErrorCode::AccessDenied &&
             std::string(error.what()).find("it is a user's") != std::string::npos;
    }
  };
  make_database(plain / "notes.db", "CREATE TABLE t(a)");
  CHECK(refused([&] { disk.open(plain / "notes"); }));
  CHECK(refused([&] { disk.create(plain / "new"); }));
  CHECK(refused([&] { disk.remove(plain / "notes"); }));
  CHECK(refused([&] { disk.rename(plain / "notes", plain / "new"); }));
  CHECK(refused([&] { disk.create_folders(plain / "new"); }));
  CHECK(refused([&] { disk.list(plain); }));
  CHECK(refused([&] { LiveDatabase database(plain / "notes.db"); }));
  CHECK(file_content(plain / "notes") == "milk");
  CHECK_FALSE(std::filesystem::exists(plain / "new"));
}

}  // namespace
}  // namespace holdfast
