#include "service/archive/manifest.h"

#include <functional>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "common/error.h"

namespace holdfast {
namespace {

using nlohmann::json;

Manifest sample() {
  Manifest manifest{.dataset = "clinic",
                    .created_at = time_from("2026-11-20T10:43:53Z"),
                    .version = "0.1.0",
                    .app_version = "7.1",
                    .host = "RECEPTION",
                    .user = "CLINIC\\anna",
                    .reason = "before the Größe update",
                    .database = "data/clinic.db",
                    .counts = {{"patients", 7}, {"visits", 1'000'000'000'000}},
                    .count_queries = {{"patients", "SELECT count(*) FROM patient"}},
                    .schema_hash = std::string(32, 'a'),
                    .sqlite_version = "3.53.2"};
  manifest.entries.push_back({.kind = ManifestEntry::Kind::Database,
                              .name = "data/clinic.db",
                              .size = 2 * kBlockBytes + 512,
                              .compressed_size = 700'000,
                              .crc32 = 0x0badf00d,
                              .xxh3 = std::string(32, '7'),
                              .block_offsets = {0, 300'000, 650'000},
                              .page_size = 512});
  manifest.entries.push_back({.name = "empty.txt",
                              .size = 0,
                              .compressed_size = 2,
                              .crc32 = 0,
                              .xxh3 = std::string(32, '0'),
                              .block_offsets = {0}});
  return manifest;
}

TEST_CASE("A manifest that was written is read back as it was") {
  const Manifest manifest = sample();
  const std::string text = manifest_text(manifest);
  const Manifest read = read_manifest(text);
  CHECK(manifest_text(read) == text);
  CHECK(read.created_at == manifest.created_at);
  CHECK(read.user == manifest.user);
  CHECK(read.counts == manifest.counts);
  CHECK(read.count_queries == manifest.count_queries);
  REQUIRE(read.entries.size() == 2);
  CHECK(read.entries[0].block_offsets == manifest.entries[0].block_offsets);
  CHECK(read.entries[0].crc32 == 0x0badf00d);
  CHECK(read.entries[1].kind == ManifestEntry::Kind::File);
}

TEST_CASE("A manifest is readable by people: a fact a line, and an entry a line") {
  const std::string text = manifest_text(sample());
  CHECK(text.find("\n  \"dataset\": \"clinic\",\n") != std::string::npos);
  CHECK(text.find("\"block_offsets\":[0,300000,650000]}") != std::string::npos);
  CHECK(text.back() == '\n');
}

TEST_CASE("Keys that a reader does not know are passed over, and missing notes are empty") {
  json object = json::parse(manifest_text(sample()));
  object["later"] = {{"any", {1, 2, 3}}};
  object["entries"][0]["block_crc32"] = json::array({1});
  object.erase("reason");
  object.erase("counts");
  object.erase("count_queries");
  const Manifest read = read_manifest(object.dump());
  CHECK(read.reason.empty());
  CHECK(read.counts.empty());
  CHECK(read.count_queries.empty());
}

TEST_CASE("Ill-formed text in a note does not stop the manifest from being written") {
  Manifest manifest = sample();
  manifest.user = "bad \xFF name";
  CHECK(read_manifest(manifest_text(manifest)).user == "bad \xEF\xBF\xBD name");
}

TEST_CASE("Every manifest that contradicts itself or its types is refused") {
  struct Row {
    const char* what;
    std::function<void(json&)> spoil;
    ErrorCode code = ErrorCode::ArchiveInvalid;
  };
  const Row rows[] = {
      {"a list", [](json& m) { m = json::array(); }},
      {"no format", [](json& m) { m.erase("format"); }},
      {"format 0", [](json& m) { m["format"] = 0; }},
      {"negative format", [](json& m) { m["format"] = -1; }},
      {"format as text", [](json& m) { m["format"] = "1"; }},
      {"newer format",
       [](json& m) {
         m = {{"format", 2}};
       },
       ErrorCode::ArchiveTooNew},
      {"other kind", [](json& m) { m["kind"] = "incremental"; }, ErrorCode::ArchiveTooNew},
      {"no dataset", [](json& m) { m.erase("dataset"); }},
      {"dataset as number", [](json& m) { m["dataset"] = 1; }},
      {"no time", [](json& m) { m["created_at"] = "yesterday"; }},
      {"fraction as count", [](json& m) { m["counts"]["patients"] = 1.5; }},
      {"too large count", [](json& m) { m["counts"]["patients"] = 0x8000000000000000U; }},
      {"counts as list", [](json& m) { m["counts"] = json::array(); }},
      {"queries as list", [](json& m) { m["count_queries"] = json::array(); }},
      {"number as query", [](json& m) { m["count_queries"]["patients"] = 7; }},
      {"no database", [](json& m) { m.erase("database"); }},
      {"another database", [](json& m) { m["database"] = "other.db"; }},
      {"a file as database", [](json& m) { m["database"] = "empty.txt"; }},
      {"no entries", [](json& m) { m["entries"] = json::array(); }},
      {"entries as object", [](json& m) { m["entries"] = json::object(); }},
      {"an entry as text", [](json& m) { m["entries"][1] = "x"; }},
      {"unknown entry kind", [](json& m) { m["entries"][1]["kind"] = "link"; }},
      {"name twice", [](json& m) { m["entries"][1]["name"] = "data/clinic.db"; }},
      {"name twice on Windows", [](json& m) { m["entries"][1]["name"] = "DATA/Clinic.DB"; }},
      {"the manifest's name", [](json& m) { m["entries"][1]["name"] = "Backup_Manifest.json"; }},
      {"a file that is a folder", [](json& m) { m["entries"][1]["name"] = "Data"; }},
      {"a folder that is a file", [](json& m) { m["entries"][1]["name"] = "data/clinic.db/x"; }},
      {"a name that escapes", [](json& m) { m["entries"][1]["name"] = "../x"; }},
      {"negative size", [](json& m) { m["entries"][1]["size"] = -1; }},
      {"enormous size", [](json& m) { m["entries"][1]["size"] = 0xFFFFFFFFFFFFFFFFU; }},
      {"size as fraction", [](json& m) { m["entries"][1]["size"] = 1.0; }},
      {"short crc", [](json& m) { m["entries"][1]["crc32"] = "0"; }},
      {"capital crc", [](json& m) { m["entries"][1]["crc32"] = "0000000A"; }},
      {"short hash", [](json& m) { m["entries"][1]["xxh3"] = "00"; }},
      {"no blocks", [](json& m) { m["entries"][1]["block_offsets"] = json::array(); }},
      {"missing block",
       [](json& m) {
         m["entries"][0]["block_offsets"] = {0, 9};
       }},
      {"block too many",
       [](json& m) {
         m["entries"][0]["block_offsets"] = {0, 9, 10, 11};
       }},
      {"late first block",
       [](json& m) {
         m["entries"][0]["block_offsets"] = {1, 9, 10};
       }},
      {"falling blocks",
       [](json& m) {
         m["entries"][0]["block_offsets"] = {0, 9, 8};
       }},
      {"empty block",
       [](json& m) {
         m["entries"][0]["block_offsets"] = {0, 9, 9};
       }},
      {"block past the end",
       [](json& m) {
         m["entries"][0]["block_offsets"] = {0, 9, 700'000};
       }},
      {"negative block",
       [](json& m) {
         m["entries"][0]["block_offsets"] = {0, -9, 10};
       }},
      {"block as text",
       [](json& m) {
         m["entries"][0]["block_offsets"] = {0, "9", 10};
       }},
      {"huge block", [](json& m) { m["entries"][0]["compressed_size"] = 1'000'000'000; }},
      {"no page size", [](json& m) { m["entries"][0].erase("page_size"); }},
      {"odd page size", [](json& m) { m["entries"][0]["page_size"] = 513; }},
      {"small page size", [](json& m) { m["entries"][0]["page_size"] = 256; }},
      {"page size that does not fit", [](json& m) { m["entries"][0]["page_size"] = 4096; }},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    json object = json::parse(manifest_text(sample()));
    row.spoil(object);
    try {
      read_manifest(object.dump());
      FAIL("the manifest was taken");
    } catch (const Error& error) {
      CAPTURE(error.what());
      CHECK(name(error.code()) == name(row.code));
    }
  }
}

TEST_CASE("What is no JSON, or too deep, is refused as a manifest") {
  for (const std::string& text : {std::string(), std::string("{"), std::string("{\"format\": 1} x"),
                                  std::string("\xFF"), std::string(1'000'000, '['),
                                  "{\"later\":" + std::string(40, '[') + std::string(40, ']') + "}",
                                  std::string("{\"dataset\": \"\xC0\xAF\"}")}) {
    CAPTURE(text.substr(0, 50));
    CHECK_THROWS_AS(read_manifest(text), Error);
  }
}

ErrorCode refusal(const json& object) {
  try {
    read_manifest(object.dump());
  } catch (const Error& error) {
    return error.code();
  }
  FAIL("the manifest was taken");
  return ErrorCode::Internal;
}

TEST_CASE("A manifest whose dataset is no dataset's name is refused") {
  json object = json::parse(manifest_text(sample()));
  for (const std::string& bad : {std::string("\\\\evil\\share\\x"), std::string("../../x"),
                                 std::string("a/b"), std::string("C:x"), std::string("Clinic"),
                                 std::string("clinic 1"), std::string(), std::string(65, 'a')}) {
    CAPTURE(bad);
    object["dataset"] = bad;
    CHECK(refusal(object) == ErrorCode::ArchiveInvalid);
  }
  for (const std::string& good : {std::string("clinic-1"), std::string(64, 'a')}) {
    object["dataset"] = good;
    CHECK(read_manifest(object.dump()).dataset == good);
  }
}

TEST_CASE("An archive with a file that SQLite would read beside a database is refused") {
  json object = json::parse(manifest_text(sample()));
  for (const char* bad : {"data/clinic.db-journal", "data/clinic.db-wal", "data/clinic.db-shm",
                          "DATA/Clinic.db-WAL"}) {
    CAPTURE(bad);
    object["entries"][1]["name"] = bad;
    CHECK(refusal(object) == ErrorCode::ArchiveInvalid);
  }
  for (const char* good : {"clinic.db-journal", "data/notes-wal", "data/clinic.db-walk", "-wal"}) {
    CAPTURE(good);
    object["entries"][1]["name"] = good;
    CHECK(read_manifest(object.dump()).entries[1].name == good);
  }
}

TEST_CASE("An archive with a file that a restore would take for its own is refused") {
  json object = json::parse(manifest_text(sample()));
  for (const char* bad :
       {".holdfast-restore-clinic.db/journal.json", "data/.holdfast-restore-x/new/a.txt",
        ".Holdfast-Restore-clinic.db/lock", ".holdfast-restore-clinic.db"}) {
    CAPTURE(bad);
    object["entries"][1]["name"] = bad;
    CHECK(refusal(object) == ErrorCode::ArchiveInvalid);
  }
  object["entries"][1]["name"] = "my.holdfast-restore-notes.txt";
  CHECK_NOTHROW(read_manifest(object.dump()));
}

}  // namespace
}  // namespace holdfast
