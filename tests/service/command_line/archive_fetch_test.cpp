#include "service/command_line/archive_fetch.h"

#include <fstream>
#include <sstream>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/path_text.h"
#include "common/protocol/json_rpc.h"
#include "common/protocol/messages.h"
#include "tests/support/scripted_service.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

void refuse(ScriptedService& service, ErrorCode code) {
  const json question = service.receive();
  service.send(error_line(question["id"], Error(code, "It is only in the cloud.", "Fetch it.")));
}

struct Fixture {
  TemporaryFolder folder;
  ScriptedServices services;
  std::ostringstream out;
  std::ostringstream err;

  Fixture() { std::ofstream(folder.path() / "a.zip") << "content"; }

  json place() const {
    return {{"archives",
             json::array({{{"archive", "a.zip"}, {"destination", path_text(folder.path())}}})},
            {"more", false}};
  }
  json ask() {
    const auto service = services.connect();
    return asked_of_archive(*service, {"emr", "a.zip"}, method::kArchivePreview, json::object(), 5s,
                            {}, {.out = out, .err = err});
  }
};

TEST_CASE_METHOD(Fixture, "An archive that is only in the cloud is fetched, and asked for again") {
  services.add([this](ScriptedService& service) {
    service.greet();
    refuse(service, ErrorCode::ArchiveInCloud);
    service.answer(place());
    // The service has not noticed yet.
    refuse(service, ErrorCode::ArchiveInCloud);
    service.answer({{"archive", "a.zip"}});
    service.wait_until_client_leaves();
  });
  CHECK(ask() == json{{"archive", "a.zip"}});
}

TEST_CASE_METHOD(Fixture, "An archive that cannot be fetched is told of as that") {
  std::filesystem::remove(folder.path() / "a.zip");
  services.add([this](ScriptedService& service) {
    service.greet();
    refuse(service, ErrorCode::ArchiveInCloud);
    service.answer(place());
    service.wait_until_client_leaves();
  });
  try {
    ask();
    FAIL("It was fetched.");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::NotFound);
    CHECK(error.line().find("from the cloud: there is no such file for you") != std::string::npos);
  }
}

TEST_CASE_METHOD(Fixture, "Another refusal fetches nothing") {
  services.add([](ScriptedService& service) {
    service.greet();
    refuse(service, ErrorCode::AccessDenied);
    service.wait_until_client_leaves();
  });
  CHECK_THROWS_AS(ask(), Error);
}

}  // namespace
}  // namespace holdfast
