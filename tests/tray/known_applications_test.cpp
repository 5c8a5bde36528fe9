#include "tray/known_applications.h"

#include <catch2/catch_test_macros.hpp>

#include "common/path_text.h"
#include "tests/support/database.h"

namespace holdfast {
namespace {

using nlohmann::json;

TEST_CASE("The set-up protects a known application as its sample does") {
  const std::filesystem::path samples = text_path(HOLDFAST_SOURCE) / "config/samples";
  for (const KnownApplication& application : known_applications()) {
    CAPTURE(application.id);
    const std::string text = file_content(samples / text_path(application.id + ".json"));
    json sample = json::parse(text, nullptr, true, true).at("datasets").at(0);
    CHECK(sample["id"] == application.id);
    CHECK(sample["title"] == application.title);
    CHECK(sample["database"] == application.databases.at(0));
    CHECK(sample["destination"] == json{{"onedrive", application.onedrive_folder}});
    for (const char* chosen : {"id", "title", "database", "destination", "schedule"}) {
      sample.erase(chosen);
    }
    CHECK(application.settings == sample);
  }
}

}  // namespace
}  // namespace holdfast
