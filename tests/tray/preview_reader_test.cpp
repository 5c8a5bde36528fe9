#include "tray/preview_reader.h"

#include <chrono>
#include <fstream>
#include <memory>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "common/path_text.h"
#include "common/protocol/json_rpc.h"
#include "tests/support/bell.h"
#include "tests/support/scripted_service.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr const char* kArchive = "emr_20261128T100000Z_CLINIC-PC.zip";
const Error kInCloud(ErrorCode::ArchiveInCloud, "It is only in the cloud.", "Fetch it.");

struct Fixture {
  void read() {
    reader.read("emr", kArchive, [bell = bell] { bell->ring(); });
  }
  // Until that many were told, words of a fetch left aside.
  void deliver(std::size_t count) {
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    while (told.size() < count && std::chrono::steady_clock::now() < deadline) {
      bell->wait_until(deadline);
      calls.deliver();
      reader.take_news();
    }
  }
  void refuse(ScriptedService& service) const {
    const json question = service.receive();
    service.send(error_line(question.at("id"), kInCloud));
  }
  json list() const {
    return {{"archives", {{{"archive", kArchive}, {"destination", path_text(folder.path())}}}},
            {"more", false}};
  }

  TemporaryFolder folder;
  ScriptedServices services;
  std::shared_ptr<Bell> bell = std::make_shared<Bell>();
  std::vector<std::string> told;
  std::vector<std::string> words;
  ServiceCalls calls{[this] { return services.connect(); }, [bell = bell] { bell->ring(); }};
  PreviewReader reader{
      calls,
      {.preview = [this](const json& preview) { told.push_back("preview " + preview.dump()); },
       .fetching = [this](const std::string& text, std::optional<int>) { words.push_back(text); },
       .failure = [this](const Error& failure) { told.emplace_back(failure.what()); },
       .wait = [this](std::chrono::milliseconds) { told.emplace_back("wait"); }}};
};

TEST_CASE_METHOD(Fixture, "A preview of an archive on this disk is told as it comes") {
  services.add([](ScriptedService& service) {
    service.greet();
    service.answer({{"counts", 1}});
    service.wait_until_client_leaves();
  });
  read();
  deliver(1);
  CHECK(told == std::vector<std::string>{"preview {\"counts\":1}"});
  CHECK(words.empty());
}

TEST_CASE_METHOD(Fixture,
                 "An archive that is only in the cloud is fetched before the restore is compared") {
  std::ofstream(folder.path() / kArchive, std::ios::binary) << std::string(2'000'000, 'x');
  services.add([this](ScriptedService& service) {
    service.greet();
    refuse(service);
    service.answer(list());
    refuse(service);
    service.answer({{"counts", 1}});
    service.wait_until_client_leaves();
  });
  read();
  deliver(1);
  REQUIRE(told == std::vector<std::string>{"wait"});
  CHECK(words.at(0) == "Fetching the backup from the cloud");
  reader.ask_again();
  deliver(2);
  CHECK(told.at(1) == "preview {\"counts\":1}");
}

TEST_CASE_METHOD(Fixture, "An archive that cannot be fetched is told with the reason") {
  services.add([this](ScriptedService& service) {
    service.greet();
    refuse(service);
    service.answer(list());
    service.wait_until_client_leaves();
  });
  read();
  deliver(1);
  REQUIRE(told.size() == 1);
  CHECK(told.at(0).find("Cannot fetch") == 0);
}

}  // namespace
}  // namespace holdfast
