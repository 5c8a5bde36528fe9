#include "service/catalog/older_manifest.h"

#include <map>
#include <random>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/fake_time_zone.h"

namespace holdfast {
namespace {

using Counts = std::map<std::string, std::int64_t>;

const FakeTimeZone kZone = berlin();
const Time kByName = time_from("2026-01-05T13:30:00Z");

OlderFacts facts(const std::string& text) {
  return read_older_manifest(text, kByName, kZone);
}

TEST_CASE("An older manifest tells its time and its counts, in whatever form they fit") {
  struct Row {
    std::string text;
    std::string time;
  };
  const Row rows[] = {
      {R"({"created_at": "2026-01-05T14:30:02.123456"})", "2026-01-05T13:30:02Z"},
      {R"({"created_at": "2026-01-05 14:30:02"})", "2026-01-05T13:30:02Z"},
      {R"({"created_at": "2026-01-05T13:30:02Z"})", "2026-01-05T13:30:02Z"},
      {R"({"created_at": "2026-01-05T13:30:02.9Z"})", "2026-01-05T13:30:02Z"},
      {R"({"created_at": "2026-01-05T19:00:02+05:30"})", "2026-01-05T13:30:02Z"},
      {R"({"created_at": "2026-01-05T05:30:02-08:00"})", "2026-01-05T13:30:02Z"},
      {R"({"timestamp": "2026-01-05T14:30:02"})", "2026-01-05T13:30:02Z"},
      {R"({"timestamp": 1767619802})", "2026-01-05T13:30:02Z"},
      {R"({"timestamp": "nonsense", "created_at": "2026-01-05T14:30:02"})", "2026-01-05T13:30:02Z"},
      {R"({"timestamp": "2026-01-05T14:30:02", "created_at": 7})", "2026-01-05T13:30:02Z"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(facts(row.text).taken_at == time_from(row.time));
  }
  CHECK(facts(R"({"patient_count": 12, "visit_count": 0, "version": "2.0", "encrypted": false})")
            .counts == Counts{{"patients", 12}, {"visits", 0}});
  CHECK(facts(R"({"counts": {"shifts": 45, "study records": 1198}})").counts ==
        Counts{{"shifts", 45}, {"study records", 1198}});
}

TEST_CASE("What does not fit in an older manifest is left out") {
  for (const std::string time : {R"("2099-01-05T14:30:02")",
                                 R"("2026-01-07T14:30:00")",
                                 R"("2026-01-03T14:30:00")",
                                 R"("0000-01-01T00:00:00")",
                                 R"("9999-12-31T23:59:59-23:59")",
                                 R"("2026-02-30T14:30:02")",
                                 R"("2026-01-05T14:30:02+5:30")",
                                 R"("2026-01-05T14:30:02+24:00")",
                                 R"("2026-01-05T14:30:02+05:60")",
                                 R"("2026-01-05T14:30:02 ")",
                                 R"("2026-01-05")",
                                 R"("")",
                                 "1e300",
                                 "-9223372036854775808",
                                 "18446744073709551615",
                                 "1767619802.5",
                                 "true",
                                 "null",
                                 "[]",
                                 "{}"}) {
    CAPTURE(time);
    CHECK_FALSE(facts(R"({"created_at": )" + time + "}").taken_at);
  }
  for (const std::string count :
       {"1.5", "18446744073709551615", "\"12\"", "true", "null", "[1]", "{}"}) {
    CAPTURE(count);
    CHECK(facts(R"({"patient_count": )" + count + "}").counts.empty());
    CHECK(facts(R"({"counts": {"a": )" + count + "}}").counts.empty());
  }
  CHECK(facts(R"({"counts": {"": 1, "a\nb": 2, "good": 3}, "_count": 4})").counts ==
        Counts{{"good", 3}});
  CHECK(facts(R"({"counts": {")" + std::string(101, 'x') + R"(": 1}})").counts.empty());
}

TEST_CASE("A hostile manifest of an older system costs nothing and tells nothing") {
  std::string many = "{\"counts\": {\"a\": 1";
  for (int i = 0; i < 1000; ++i) many += ", \"c" + std::to_string(i) + "\": 1";
  CHECK(facts(many + "}}").counts.size() == 100);
  CHECK(facts("{\"counts\": {\"a\": 1}, \"x\": \"" + std::string(2'000'000, 'x') + "\"}")
            .counts.empty());
  CHECK(facts("{\"patient_count\": 1, \"x\": " + std::string(500'000, '[')).counts.empty());
  CHECK(facts(std::string(1000, '[') + std::string(1000, ']')).counts.empty());
  CHECK(facts("[" + std::string(20'000, '1') + "]").counts.empty());
  for (const std::string text :
       {"", "null", "7", "[]", "\"x\"", "{", "\xFF\xFE", "{\"\xC3\": 1}", "PK\x03\x04"}) {
    CAPTURE(text);
    CHECK(facts(text).counts.empty());
    CHECK_FALSE(facts(text).taken_at);
  }
}

TEST_CASE("Whatever an older manifest is made into, it is read or left out") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::string good =
      R"({"created_at": "2026-01-05T14:30:02.123456+01:00", "counts": {"a": 7}, "visit_count": 3})";
  for (int round = 0; round < 3000; ++round) {
    std::string text = good;
    for (unsigned changes = random() % 4 + 1; changes > 0; --changes) {
      text[random() % text.size()] = static_cast<char>(random());
    }
    const OlderFacts told = facts(text);
    CHECK(told.counts.size() <= 2);
    if (told.taken_at) CHECK(std::chrono::abs(*told.taken_at - kByName) <= std::chrono::days(1));
  }
}

}  // namespace
}  // namespace holdfast
