#include "service/platform/event_text.h"

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

TEST_CASE("An event reads the same to clients as in the Event Log") {
  CHECK(event_text({EventId::BackupVerified, {"EMR", "D:\\a.zip", "1 MB"}}) ==
        "EMR was backed up and verified: D:\\a.zip (1 MB).");
  CHECK(event_text({EventId::RequestRefused, {"S-1", "config.reload", "Why."}}) ==
        "S-1 asked for \"config.reload\" and was refused. Why.");
  CHECK(event_text({EventId::Recorded, {}}) == "The record of backups can be written again.");
  CHECK(event_text({EventId::BackupUnchanged, {"100%1"}}) ==
        "100%1 has not changed since its last backup.");
}

TEST_CASE("The thousand of an event's number is how severe it is") {
  CHECK(std::string(event_severity(EventId::BackupVerified)) == "information");
  CHECK(std::string(event_severity(EventId::Stale)) == "warning");
  CHECK(std::string(event_severity(EventId::RequestRefused)) == "error");
}

}  // namespace
}  // namespace holdfast
