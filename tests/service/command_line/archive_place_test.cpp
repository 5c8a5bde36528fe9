#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/path_text.h"
#include "common/protocol/json_rpc.h"
#include "service/command_line/all_commands.h"
#include "service/command_line/command_line.h"
#include "service/command_line/export_command.h"
#include "tests/support/scripted_service.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using nlohmann::json;

TEST_CASE("Where an archive lies is looked for on every page that the service has") {
  std::vector<json> asked;
  ScriptedServices services;
  services.add([&asked](ScriptedService& service) {
    service.greet();
    const auto page = [&](const json& result) {
      const json question = service.receive();
      asked.push_back(question["params"]);
      service.send(result_line(question["id"], result));
    };
    const auto archive = [](const char* name, const char* destination) {
      return json{{"archive", name}, {"destination", destination}};
    };
    page({{"archives", {archive("a.zip", "/one")}}, {"more", true}, {"next", 1000}});
    page({{"archives", {archive("b.zip", "/two"), archive("c.zip", "/three")}}, {"more", false}});
    page({{"archives", {archive("a.zip", "/one")}}, {"more", false}});
    service.wait_until_client_leaves();
  });
  const auto connection = services.connect();
  CHECK(archive_place(*connection, "clinic", "c.zip") == text_path("/three") / text_path("c.zip"));
  CHECK(asked == std::vector<json>{{{"dataset", "clinic"}, {"limit", 1000}},
                                   {{"dataset", "clinic"}, {"limit", 1000}, {"offset", 1000}}});
  try {
    archive_place(*connection, "clinic", "d.zip");
    FAIL("It was found.");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::NotFound);
    CHECK(error.line() ==
          "Cannot export d.zip: there is no such file here, and the service knows no archive of "
          "that name. See the names with \"holdfast archives clinic\".");
  }
}

TEST_CASE("export tells an archive that cannot be reached from one that is not there") {
  const TemporaryFolder folder;
  const auto loop = folder.path() / "loop.zip";
  std::filesystem::create_symlink(loop, loop);
  std::ostringstream out;
  std::ostringstream err;
  const std::vector<std::string> arguments{"export", path_text(loop), "--to",
                                           path_text(folder.path() / "to")};
  CHECK(run_command_line(arguments, all_commands({}), {.out = out, .err = err}) ==
        ExitCode::Failed);
  CHECK(err.str().find(path_text(loop)) != std::string::npos);
  CHECK(err.str().find("there is no such file") == std::string::npos);
}

}  // namespace
}  // namespace holdfast
