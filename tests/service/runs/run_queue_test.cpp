#include "service/runs/run_queue.h"

#include <array>

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

RunRequest request(std::string dataset, Urgency urgency, std::string reason = "") {
  return {.dataset = std::move(dataset),
          .urgency = urgency,
          .cause = urgency == Urgency::Scheduled ? "schedule" : "manual",
          .reason = std::move(reason)};
}

TEST_CASE("Requests for one dataset that wait become one run, as urgent as the most urgent") {
  RunQueue queue(1);
  const RunTicket first = queue.add(request("emr", Urgency::Scheduled));
  CHECK(queue.add(request("emr", Urgency::BeforeDestructive, "before the update")) == first);
  CHECK(queue.add(request("emr", Urgency::Asked, "to be sure")) == first);
  REQUIRE(queue.waiting().size() == 1);
  const auto run = queue.take_next();
  REQUIRE(run);
  CHECK(run->ticket == first);
  CHECK(run->request.urgency == Urgency::BeforeDestructive);
  CHECK(run->request.cause == "manual");
  CHECK(run->request.reason == "before the update; to be sure");
}

TEST_CASE("A run under way takes up only those whom its archive serves") {
  struct Case {
    Urgency running;
    Urgency asked;
    bool is_taken_up;
  };
  const std::array<Case, 9> cases{{
      {Urgency::Scheduled, Urgency::Scheduled, true},
      {Urgency::Scheduled, Urgency::Triggered, false},
      {Urgency::Scheduled, Urgency::Asked, false},
      {Urgency::Triggered, Urgency::Asked, false},
      {Urgency::Asked, Urgency::Scheduled, true},
      {Urgency::Asked, Urgency::Asked, true},
      {Urgency::Asked, Urgency::Triggered, false},
      {Urgency::Asked, Urgency::BeforeDestructive, false},
      {Urgency::BeforeDestructive, Urgency::BeforeDestructive, false},
  }};
  for (const Case& one : cases) {
    RunQueue queue(2);
    const RunTicket running = queue.add(request("emr", one.running));
    REQUIRE(queue.take_next());
    CAPTURE(one.running, one.asked);
    CHECK((queue.add(request("emr", one.asked)) == running) == one.is_taken_up);
  }
}

TEST_CASE("There is one run of a dataset at a time, and no more than a few at once") {
  RunQueue queue(2);
  const RunTicket first = queue.add(request("a", Urgency::Asked));
  queue.take_next();
  queue.add(request("a", Urgency::BeforeDestructive));
  CHECK_FALSE(queue.take_next());
  queue.add(request("b", Urgency::Scheduled));
  queue.add(request("c", Urgency::Scheduled));
  CHECK(queue.take_next()->request.dataset == "b");
  CHECK_FALSE(queue.take_next());
  queue.ended(first);
  CHECK(queue.take_next()->request.dataset == "a");
}

TEST_CASE("The most urgent run starts first, and of those the one that was asked for first") {
  RunQueue queue(9);
  queue.add(request("scheduled", Urgency::Scheduled));
  queue.add(request("asked", Urgency::Asked));
  queue.add(request("asked later", Urgency::Asked));
  queue.add(request("triggered", Urgency::Triggered));
  queue.add(request("urgent", Urgency::BeforeDestructive));
  std::vector<std::string> order;
  while (const auto run = queue.take_next()) order.push_back(run->request.dataset);
  CHECK(order ==
        std::vector<std::string>{"urgent", "asked", "asked later", "triggered", "scheduled"});
}

TEST_CASE("A dataset that is busy otherwise is passed over, and holds nobody up") {
  RunQueue queue(1);
  queue.add(request("busy", Urgency::BeforeDestructive));
  queue.add(request("free", Urgency::Scheduled));
  const std::array<std::string, 1> busy{"busy"};
  CHECK(queue.take_next(busy)->request.dataset == "free");
}

TEST_CASE("Each restore is a run of its own, even of the same archive") {
  RunQueue queue(2);
  RunRequest restore = request("emr", Urgency::Asked);
  restore.kind = RunKind::Restore;
  restore.source = "a.zip";
  const RunTicket first = queue.add(restore);
  CHECK(queue.add(restore) != first);
  REQUIRE(queue.take_next()->ticket == first);
  CHECK(queue.add(restore) != first);
}

TEST_CASE("Drills of one archive are one run, and of another a second one") {
  RunQueue queue(2);
  RunRequest drill = request("emr", Urgency::Scheduled);
  drill.kind = RunKind::Drill;
  drill.source = "a.zip";
  const RunTicket first = queue.add(drill);
  CHECK(queue.add(drill) == first);
  CHECK(queue.find(first)->source == "a.zip");
  drill.source = "b.zip";
  CHECK(queue.add(drill) != first);
  queue.take_next();
  drill.source = "a.zip";
  CHECK(queue.add(drill) == first);
}

TEST_CASE("A run that waits can be withdrawn, and its ticket is not given again") {
  RunQueue queue(1);
  const RunTicket ticket = queue.add(request("emr", Urgency::Asked));
  queue.withdraw(ticket);
  CHECK_FALSE(queue.find(ticket));
  CHECK_FALSE(queue.is_waiting_or_running("emr"));
  CHECK(queue.add(request("emr", Urgency::Asked)) != ticket);
}

}  // namespace
}  // namespace holdfast
