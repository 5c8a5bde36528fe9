#include <string>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "common/path_text.h"
#include "service/backup/count_query.h"
#include "service/config/read_config.h"
#include "tests/support/database.h"
#include "tests/support/schema_check.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

const std::filesystem::path kFolder = text_path(HOLDFAST_SOURCE) / "config";

struct Sample {
  const char* file;
  const char* database;  // what the application makes
  Counts counts;
  int query_result;  // of the trigger, if there is one
};

const Sample kSamples[] = {
    {"rvu-counter.json",
     "CREATE TABLE shifts (id INTEGER PRIMARY KEY, shift_start TEXT NOT NULL, shift_end TEXT,"
     " effective_shift_start TEXT, projected_shift_end TEXT, shift_name TEXT);"
     "CREATE TABLE records (id INTEGER PRIMARY KEY, shift_id INTEGER REFERENCES shifts,"
     " accession TEXT, procedure TEXT, study_type TEXT, rvu REAL, timestamp TEXT);"
     "INSERT INTO shifts (shift_start, shift_end) VALUES"
     " ('2026-11-18T08:00', '2026-11-18T16:00'), ('2026-11-19T08:00', '2026-11-19T16:00'),"
     " ('2026-11-20T08:00', NULL);"
     "INSERT INTO records (shift_id, study_type, rvu) VALUES (1, 'CT', 1.5), (3, 'MR', 2.2)",
     {{"shifts", 3}, {"study records", 2}},
     2},
    {"docassist-emr.json",
     "CREATE TABLE patients (id INTEGER PRIMARY KEY, name TEXT NOT NULL, phone TEXT);"
     "CREATE TABLE visits (id INTEGER PRIMARY KEY, patient_id INTEGER REFERENCES patients,"
     " visit_date TEXT, diagnosis TEXT);"
     "INSERT INTO patients (name) VALUES ('A'), ('B');"
     "INSERT INTO visits (patient_id) VALUES (1), (1), (2)",
     {{"patients", 2}, {"visits", 3}},
     0},
};

TEST_CASE("The samples are good, and their queries run on the databases of their applications") {
  const nlohmann::json schema =
      nlohmann::json::parse(file_content(kFolder / "holdfast.schema.json"));
  for (const Sample& sample : kSamples) {
    CAPTURE(sample.file);
    const std::string text = file_content(kFolder / "samples" / sample.file);
    const ConfigReading reading = read_config(text);
    REQUIRE(reading.is_good());
    CHECK_FALSE(schema_fault(schema, nlohmann::json::parse(text, nullptr, true, true)));
    REQUIRE(reading.config.datasets.size() == 1);
    const Dataset& dataset = reading.config.datasets[0];

    const TemporaryFolder folder;
    const SqliteConnection database = open_database(folder.path() / "app.db");
    execute(database.get(), sample.database);
    CHECK(run_counts(database.get(), dataset.counts, std::chrono::seconds(5)) == sample.counts);
    for (const Trigger& trigger : dataset.triggers) {
      if (trigger.kind != Trigger::Kind::QueryChanges) continue;
      CHECK(run_count(database.get(), {"trigger", trigger.subject}, std::chrono::seconds(5)) ==
            sample.query_result);
    }
  }
}

TEST_CASE("The configuration that is installed is good and protects nothing yet") {
  const ConfigReading reading = read_config(file_content(kFolder / "holdfast.json"));
  CHECK(reading.is_good());
  CHECK(reading.config.datasets.empty());
}

}  // namespace
}  // namespace holdfast
