#include "service/agent/method_rights.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

#include "service/agent/method_gate.h"
#include "service/agent/refusals.h"
#include "tests/support/fake_clock.h"
#include "tests/support/recording_event_log.h"

namespace holdfast {
namespace {

using nlohmann::json;

const Caller kOwner{.user_sid = "S-1-5-21-1"};
const Caller kOther{.user_sid = "S-1-5-21-2"};
const Caller kAdministrator{.user_sid = "S-1-5-21-3", .is_elevated_administrator = true};
const Caller kSystem{.user_sid = "S-1-5-18", .is_elevated_administrator = true};
const std::string kMachine;

TEST_CASE("Who may call what is as the page of the attack surface says") {
  struct Row {
    const char* method;
    bool user_on_machines;  // any user, on a dataset of the machine
    bool owner;             // the user who added it
    bool other;             // another user
  };
  const Row rows[] = {
      {"status", true, true, false},
      {"service.info", true, true, false},
      {"config.get", true, true, false},
      {"config.reload", false, false, false},
      {"datasets.list", true, true, false},
      {"datasets.add", true, true, false},
      {"datasets.change", false, true, false},
      {"datasets.remove", false, true, false},
      {"history", true, true, false},
      {"archive.list", true, true, false},
      {"archive.verify", true, true, false},
      {"archive.delete", false, true, false},
      {"retention.preview", true, true, false},
      {"backup.start", true, true, false},
      {"backup.run", true, true, false},
      {"backup.wait", true, true, false},
      {"backup.cancel", true, true, false},
      {"counts.accept", false, true, false},
      {"archive.preview", false, true, false},
      {"restore.start", false, true, false},
      {"restore.undo", false, true, false},
      {"drill.start", true, true, false},
      {"run.cancel", true, true, false},
      {"cloud.roots", true, true, false},
      {"cloud.report", true, true, false},
      {"something.new", false, false, false},
  };
  CHECK(method_rights().size() + 1 == std::size(rows));
  for (const Row& row : rows) {
    CAPTURE(row.method);
    CHECK(may_call(row.method, kOwner, kMachine) == row.user_on_machines);
    CHECK(may_call(row.method, kOwner, kOwner.user_sid) == row.owner);
    CHECK(may_call(row.method, kOther, kOwner.user_sid) == row.other);
    for (const Caller& mighty : {kAdministrator, kSystem}) {
      CHECK(may_call(row.method, mighty, kMachine));
      CHECK(may_call(row.method, mighty, kOwner.user_sid));
    }
  }
}

TEST_CASE("A user sees the machine's datasets and no other user's") {
  CHECK(may_see(kOther, kMachine));
  CHECK(may_see(kOwner, kOwner.user_sid));
  CHECK_FALSE(may_see(kOther, kOwner.user_sid));
  CHECK(may_see(kAdministrator, kOwner.user_sid));
  CHECK(may_see(kSystem, kOwner.user_sid));
}

struct Fixture {
  RecordingEventLog events;
  FakeClock clock{time_from("2026-11-20T10:00:00Z")};
  Refusals refusals{events, clock};
  Dispatcher dispatcher;
  MethodGate gate{
      {.dispatcher = dispatcher,
       .owner_of = [](const json& params, MethodSubject) { return params.value("owner", ""); },
       .on_refusal = [this](const Caller& caller, std::string_view method,
                            const Error& why) { refusals.take(caller, method, why); }}};

  Fixture() {
    gate.offer("config.reload", [](const Call&) { return json("done"); });
    gate.offer("archive.delete", [](const Call&) { return json("done"); });
    gate.offer("backup.cancel", [](const Call&) -> json {
      throw Error(ErrorCode::AccessDenied, "It is not yours.", "");
    });
  }

  json call(const char* method, const Caller& caller, const json& params = json::object()) {
    json answer;
    const Reply reply{.with = [&](const json& result) { answer = result; },
                      .fail = [&](const Error& error) { answer = error.what(); }};
    try {
      dispatcher.dispatch(method, {params, caller}, reply);
    } catch (const Error& error) {
      reply.fail(error);
    }
    return answer;
  }
};

TEST_CASE_METHOD(Fixture, "Only who may call a method gets to its handler") {
  CHECK(call("config.reload", kOwner) == "\"config.reload\" is for administrators.");
  CHECK(call("config.reload", kAdministrator) == "done");
  const json owned = {{"owner", kOwner.user_sid}};
  CHECK(call("archive.delete", kOwner, owned) == "done");
  CHECK(call("archive.delete", kSystem, owned) == "done");
  CHECK(call("archive.delete", kOther, owned) ==
        "\"archive.delete\" on another user's dataset is for administrators.");
}

TEST_CASE_METHOD(Fixture, "A refusal is an event, once an hour for a user and a method") {
  for (int i = 0; i < 1000; ++i) call("config.reload", kOwner);
  REQUIRE(events.events.size() == 1);
  CHECK(events.events[0].id == EventId::RequestRefused);
  CHECK(events.events[0].strings ==
        std::vector<std::string>{"S-1-5-21-1", "config.reload",
                                 "\"config.reload\" is for administrators."});
  call("backup.cancel", kOwner);
  call("config.reload", kOther);
  CHECK(events.events.size() == 3);
  clock.advance(std::chrono::hours(1));
  call("config.reload", kOwner);
  CHECK(events.events.size() == 4);
  clock.advance(-std::chrono::hours(48));
  call("config.reload", kOwner);
  CHECK(events.events.size() == 5);
}

}  // namespace
}  // namespace holdfast
