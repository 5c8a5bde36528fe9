#include <catch2/catch_test_macros.hpp>

#include "common/error.h"
#include "common/path_text.h"
#include "service/archive/verify_archive.h"
#include "tests/support/crafted_archive.h"
#include "tests/support/database.h"

namespace holdfast {
namespace {

// The names of the seeds of a kind tell what they are: good_..., hostile_...
struct Seeds {
  int good = 0;
  int hostile = 0;
};

template <typename Accepts>
Seeds read_seeds(const char* kind, Accepts accepts) {
  Seeds seeds;
  for (const auto& [name, content] : folder_content(text_path(HOLDFAST_CORPUS) / kind)) {
    CAPTURE(name);
    const bool good = name.starts_with("good_");
    CHECK((good || name.starts_with("hostile_")));
    ++(good ? seeds.good : seeds.hostile);
    CHECK(accepts(content) == good);
  }
  return seeds;
}

TEST_CASE("The archives that fuzzing begins with are good or refused, as they are named") {
  const Seeds seeds = read_seeds("archive", [](const std::string& content) {
    OneFileStorage storage(content);
    try {
      return verify_archive(ArchiveReader(storage, "seed.zip")).is_good();
    } catch (const Error&) {
      return false;
    }
  });
  CHECK(seeds.good >= 8);
  CHECK(seeds.hostile >= 15);
}

TEST_CASE("The manifests that fuzzing begins with are good or refused, as they are named") {
  const Seeds seeds = read_seeds("manifest", [](const std::string& content) {
    try {
      return !read_manifest(content).entries.empty();
    } catch (const Error&) {
      return false;
    }
  });
  CHECK(seeds.good >= 4);
  CHECK(seeds.hostile >= 10);
}

}  // namespace
}  // namespace holdfast
