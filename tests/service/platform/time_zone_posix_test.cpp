#include <stdlib.h>

#include <optional>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "service/platform/time_zone.h"
#include "tests/support/fake_time_zone.h"

namespace holdfast {
namespace {

// Puts the variable back, so that other tests see the machine's zone.
class ZoneVariable {
 public:
  explicit ZoneVariable(const char* value) {
    if (const char* old = ::getenv("TZ")) old_ = old;
    ::setenv("TZ", value, 1);
  }
  ZoneVariable(const ZoneVariable&) = delete;
  ZoneVariable& operator=(const ZoneVariable&) = delete;
  ~ZoneVariable() {
    if (old_) {
      ::setenv("TZ", old_->c_str(), 1);
    } else {
      ::unsetenv("TZ");
    }
  }

 private:
  std::optional<std::string> old_;
};

void check_same(const char* variable, const TimeZone& wanted) {
  const ZoneVariable set(variable);
  const SystemTimeZone zone;
  for (Time instant = time_from("2024-01-01T00:30:00Z");
       instant < time_from("2034-01-01T00:00:00Z"); instant += std::chrono::hours(1)) {
    if (zone.offset_at(instant) != wanted.offset_at(instant)) {
      FAIL(variable << " differs at " << utc_text(instant));
    }
  }
}

TEST_CASE("The system's time zone is the one that is set, also after it was changed") {
  check_same("CET-1CEST,M3.5.0,M10.5.0/3", berlin());
  check_same("AEST-10AEDT,M10.1.0,M4.1.0/3", sydney());
  check_same("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", lord_howe());
}

}  // namespace
}  // namespace holdfast
