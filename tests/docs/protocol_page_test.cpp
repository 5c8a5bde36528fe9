#include <algorithm>
#include <atomic>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "common/path_text.h"
#include "service/agent/method_rights.h"
#include "tests/support/database.h"
#include "tests/support/running_agent.h"

namespace holdfast {
namespace {

using nlohmann::json;

const std::filesystem::path kPage = text_path(HOLDFAST_SOURCE) / "docs/protocol.md";
const std::string kFence = "```json\n";

// The service that the page's examples are about: a backup was made at ten, it is two o'clock, and
// nothing takes long.
class ServiceOfPage : public RunningAgent {
 public:
  ServiceOfPage() {
    listener.is_administrator = true;
    work.counts = {{"patients", 1204}};
    work.preview_told = {{"bytes", 61'204'113},
                         {"dataset", "emr"},
                         {"created_at", "2026-11-20T14:00:00Z"},
                         {"host", "CLINIC-PC"},
                         {"reason", "before the update"},
                         {"app_version", ""},
                         {"database",
                          {{"archived",
                            {{"bytes", 121'634'816},
                             {"page_size", 4096},
                             {"tables", 14},
                             {"application_id", 0},
                             {"user_version", 7}}},
                           {"here",
                            {{"bytes", 121'634'816},
                             {"page_size", 4096},
                             {"tables", 14},
                             {"application_id", 0},
                             {"user_version", 7}}}}},
                         {"counts", {{{"name", "patients"}, {"archived", 1204}, {"here", 1198}}}},
                         {"tables", json::array()},
                         {"tables_total", 0},
                         {"files", {{{"file", "images/4711.png"}, {"change", "comes_back"}}}},
                         {"files_total", 1}};
    config = R"({"version": 1, "datasets": [{
  "id": "emr", "title": "DocAssist EMR",
  "database": "C:\\DocAssist\\clinic.db", "destination": {"folder": "D:\\Backups"},
  "schedule": {"daily": "18:30"}, "drill_every": "never", "counts": {"patients": "SELECT count(*) FROM patients"}}]})";
    present = {{.user = {.sid = "S-1-5-21-1",
                         .name = "anna",
                         .folders = {{"localappdata", "C:\\Users\\anna\\AppData\\Local"},
                                     {"documents", "C:\\Users\\anna\\Documents"}}},
                .one_drive = {.sync_roots = {{.id = "OneDrive!S-1-5-21-1!Personal|x",
                                              .folder = "C:\\Users\\anna\\OneDrive"}}},
                .roots = {{.account = "personal",
                           .email = "anna@example.org",
                           .folder = "C:\\Users\\anna\\OneDrive"}}}};
    work.before_restore = [this] {
      is_restoring_ = true;
      while (is_held_) std::this_thread::yield();
    };
    agent.start();
    client.emplace(io, listener.connect());
    client->ask(kHelloLine);
    while (client->call("cloud.roots")["result"]["roots"].empty()) std::this_thread::yield();
    back_up();
    clock.advance(std::chrono::hours(4));
    client.emplace(io, listener.connect());
  }
  ServiceOfPage(const ServiceOfPage&) = delete;
  ServiceOfPage& operator=(const ServiceOfPage&) = delete;
  ~ServiceOfPage() {
    agent.stop(StopReason::Requested);
    io.restart();
    io.run();
  }

  // What it has begun has come to its end by the next request. Only what is then cancelled has not.
  json answer(const json& request) {
    const std::string method = request.at("method");
    const bool is_to_be_held = method == "restore.undo";
    if (is_to_be_held) {
      is_held_ = true;
      is_restoring_ = false;
    }
    const json answered = answer_to(request);
    while (is_to_be_held && !is_restoring_) client->call("status");
    if (method == "run.cancel") is_held_ = false;
    if (method == "restore.start") {
      const std::int64_t run = answered["result"]["run"];
      wait_for(run);
      // What was restored is backed up.
      while (wait_for(run + 1).contains("error")) std::this_thread::yield();
    }
    if (method == "drill.start") drills_ = answered["result"]["runs"];
    if (!is_held_) {
      for (const json& drill : std::exchange(drills_, {})) wait_for(drill["run"]);
    }
    return answered;
  }

  // The last that was told of this kind, once somebody subscribed.
  json last_told(const std::string& method) {
    if (!has_made_news_) back_up();
    has_made_news_ = true;
    // What is told of the archives that are looked through afterwards comes with the next answers.
    client->call("status");
    const auto found =
        std::find_if(client->told.rbegin(), client->told.rend(),
                     [&](const json& message) { return message.at("method") == method; });
    REQUIRE(found != client->told.rend());
    return *found;
  }

 private:
  void back_up() { wait_for(client->call("backup.start")["result"]["runs"][0]["run"]); }
  json wait_for(const json& run) { return client->call("backup.wait", {{"run", run}}); }

  json answer_to(const json& request) {
    client->send(request.dump() + "\n");
    for (;;) {
      json message = client->next();
      if (message.contains("id")) return message;
      client->told.push_back(std::move(message));
    }
  }

  std::optional<RawClient> client;
  bool has_made_news_ = false;
  std::atomic<bool> is_held_ = false;  // what restores
  std::atomic<bool> is_restoring_ = false;
  json drills_;
};

std::vector<json> values_in(const std::string& block) {
  std::istringstream stream(block);
  std::vector<json> values;
  while (stream >> std::ws && stream.peek() != std::istringstream::traits_type::eof()) {
    json value;
    stream >> value;
    values.push_back(std::move(value));
  }
  return values;
}

// Requests stay as the page has them; answers, and what is told by itself, are the service's.
std::string replayed(ServiceOfPage& service, const std::string& block) {
  std::string text;
  for (const json& value : values_in(block)) {
    if (!value.contains("method")) continue;
    if (!value.contains("id")) {
      text += service.last_told(value.at("method").get<std::string>()).dump(2) + "\n";
      continue;
    }
    const std::size_t begin = block.find(R"({"jsonrpc": "2.0", "id": )" + value["id"].dump() + ",");
    REQUIRE(begin != std::string::npos);
    text += block.substr(begin, block.find("}\n", begin) + 2 - begin);
    text += service.answer(value).dump(2) + "\n";
  }
  return text;
}

std::string with_answers(const std::string& page) {
  ServiceOfPage service;
  std::string text;
  std::size_t done = 0;
  for (std::size_t at = page.find(kFence); at != std::string::npos; at = page.find(kFence, done)) {
    const std::size_t begin = at + kFence.size();
    const std::size_t end = page.find("```", begin);
    text += page.substr(done, begin - done) + replayed(service, page.substr(begin, end - begin));
    done = end;
  }
  return text + page.substr(done);
}

TEST_CASE("Each method has an example on the protocol's page, answered as the page says") {
  const std::string page = file_content(kPage);
  std::istringstream is(page);
  std::istringstream should(with_answers(page));
  std::string is_line;
  std::string should_line;
  while (std::getline(should, should_line)) {
    std::getline(is, is_line);
    REQUIRE(is_line == should_line);
  }
  std::set<std::string> methods{"hello", "subscribe"};
  for (const MethodRight& right : method_rights()) methods.insert(std::string(right.method));
  for (const std::string& method : methods) {
    CAPTURE(method);
    CHECK(page.find("\n### " + method + "\n") != std::string::npos);
    CHECK(page.find(R"("method": ")" + method + '"') != std::string::npos);
  }
}

TEST_CASE("The service's answers are written into the protocol's page", "[.write-docs]") {
  write_file(kPage, with_answers(file_content(kPage)));
}

TEST_CASE("Every code of an error is on the protocol's page") {
  const std::string page = file_content(kPage);
  for (int code = 0; code <= static_cast<int>(ErrorCode::RestoreFailed); ++code) {
    const auto text = "`" + std::string(name(static_cast<ErrorCode>(code))) + "`";
    CAPTURE(text);
    CHECK(page.find(text) != std::string::npos);
  }
}

}  // namespace
}  // namespace holdfast
