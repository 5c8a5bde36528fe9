// Writes what fuzzing begins with: fuzz_seeds CORPUS_FOLDER. The names tell what must become of a
// seed: good_..., hostile_...
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>

#include <nlohmann/json.hpp>

#include "common/path_text.h"
#include "service/archive/archive_writer.h"
#include "tests/support/crafted_archive.h"
#include "tests/support/database.h"
#include "tests/support/temporary_folder.h"

namespace {

using namespace holdfast;
using nlohmann::json;

// One deflate stream that compresses nothing, so that a byte that is changed is a byte of content.
std::string stored_stream(const std::string& content) {
  const auto size = static_cast<std::uint16_t>(content.size());
  std::string stream{1};
  for (const std::uint32_t number : {std::uint32_t{size}, ~std::uint32_t{size}}) {
    stream += static_cast<char>(number & 0xFF);
    stream += static_cast<char>(number >> 8 & 0xFF);
  }
  return stream + content;
}

CraftedEntry database_entry(const std::string& name, std::uint32_t page_size,
                            const std::string& sql) {
  const TemporaryFolder folder;
  make_database(folder.path() / "made.db",
                "PRAGMA page_size=" + std::to_string(page_size) + ";" + sql);
  CraftedEntry entry{.name = name,
                     .content = file_content(folder.path() / "made.db"),
                     .kind = ManifestEntry::Kind::Database,
                     .page_size = page_size};
  entry.deflated = stored_stream(entry.content);
  return entry;
}

CraftedEntry clinic_database() {
  return database_entry(
      "clinic.db", 512,
      "CREATE TABLE visit (id INTEGER PRIMARY KEY, note TEXT CHECK (note <> ''));"
      "CREATE INDEX by_note ON visit (note); CREATE VIEW v AS SELECT 1;"
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
      "WHERE i < 20) INSERT INTO visit SELECT i, printf('%0*d', i * 9, i) FROM n;");
}

CraftedArchive clinic_archive() {
  CraftedArchive archive = small_archive();
  archive.entries[0] = clinic_database();
  return archive;
}

// The manifest as it should be, uncompressed.
CraftedArchive with_stored_manifest(CraftedArchive archive) {
  Manifest manifest = archive.manifest;
  for (const CraftedEntry& entry : archive.entries)
    manifest.entries.push_back(manifest_entry(entry));
  archive.manifest_entry = CraftedEntry{.content = manifest_text(manifest)};
  archive.manifest_entry->deflated = stored_stream(archive.manifest_entry->content);
  return archive;
}

// As Holdfast writes it itself, with entries that could have grown past 4 GiB.
std::string written_archive() {
  const TemporaryFolder folder;
  DiskStorage storage;
  const auto path = folder.path() / "written.zip";
  const auto file = storage.create(path);
  Manifest manifest = small_archive().manifest;
  ArchiveWriter writer(*file, manifest.created_at);
  for (const CraftedEntry& entry : clinic_archive().entries) {
    writer.add(
        {.name = entry.name,
         .kind = entry.kind,
         .expected_size = 1ULL << 33,
         .page_size = entry.page_size},
        [&](const ArchiveWriter::Sink& sink) { sink(std::as_bytes(std::span(entry.content))); });
  }
  writer.finish(manifest);
  return file_content(path);
}

void write_good_archives(const std::filesystem::path& folder) {
  const auto put = [&](const char* name, const CraftedArchive& archive) {
    write_file(folder / (std::string("good_") + name + ".zip"), archive.bytes());
  };
  put("small", small_archive());
  put("clinic", clinic_archive());
  put("stored", with_stored_manifest(clinic_archive()));
  CraftedArchive archive = clinic_archive();
  archive.zip64_end = true;
  put("zip64_end", archive);
  archive = clinic_archive();
  for (const char* name : {"empty", "a/empty", "a/b/c/empty"})
    archive.entries.push_back({.name = name});
  put("empty_files", archive);
  archive = clinic_archive();
  archive.entries.push_back(database_entry("chroma/index.sqlite3", 1024,
                                           "PRAGMA auto_vacuum=FULL; PRAGMA encoding='UTF-16be';"
                                           "CREATE TABLE t (a PRIMARY KEY) WITHOUT ROWID;"
                                           "INSERT INTO t VALUES (x'00'), ('fever'), (1.5);"));
  put("nested_database", archive);
  archive = clinic_archive();
  archive.entries[0] =
      database_entry("clinic.db", 512,
                     "CREATE VIRTUAL TABLE word USING fts5(a); INSERT INTO word VALUES ('fever');");
  put("full_text", archive);
  archive = clinic_archive();
  archive.entries[0].content.replace(3 * 512 + 3, 40, 40, 'x');
  archive.entries[0].deflated = stored_stream(archive.entries[0].content);
  put("damaged_before", archive);
  archive = small_archive();
  archive.entries.push_back({.name = "two.bin", .content = std::string(kBlockBytes + 9, '2')});
  put("two_blocks", archive);
  write_file(folder / "good_written.zip", written_archive());
}

void write_hostile_archives(const std::filesystem::path& folder) {
  struct Row {
    const char* name;
    std::function<void(CraftedArchive&)> spoil;
  };
  const Row rows[] = {
      {"parent", [](CraftedArchive& archive) { archive.entries[1].name = "../x"; }},
      {"absolute", [](CraftedArchive& archive) { archive.entries[1].name = "/x"; }},
      {"stream", [](CraftedArchive& archive) { archive.entries[1].name = "a:b"; }},
      {"twice", [](CraftedArchive& archive) { archive.entries[1].name = "CLINIC.db"; }},
      {"link", [](CraftedArchive& archive) { archive.entries[1].attributes = 0120777U << 16; }},
      {"encrypted",
       [](CraftedArchive& archive) {
         archive.entries[1].flags = archive.entries[1].local_flags = 1;
       }},
      {"zstd", [](CraftedArchive& archive) { archive.entries[1].method = 93; }},
      {"bomb", [](CraftedArchive& archive) { archive.entries[1].size = 1'000'000; }},
      {"overlap", [](CraftedArchive& archive) { archive.entries[1].header_place = 0; }},
      {"outside", [](CraftedArchive& archive) { archive.entries[1].header_place = 0xFFFFFF00; }},
      {"zip64_missing",
       [](CraftedArchive& archive) { archive.entries[1].header_place = 0xFFFFFFFF; }},
      {"extra",
       [](CraftedArchive& archive) { archive.entries[1].extra = std::string("\1\0\x10\0", 4); }},
      {"local_name", [](CraftedArchive& archive) { archive.entries[1].local_name = "other"; }},
      {"local_crc", [](CraftedArchive& archive) { archive.entries[1].local_crc32 = 7; }},
      {"gap", [](CraftedArchive& archive) { archive.entries[1].after = "x"; }},
      {"before", [](CraftedArchive& archive) { archive.before = "MZ"; }},
      {"after", [](CraftedArchive& archive) { archive.after = "x"; }},
      {"comment", [](CraftedArchive& archive) { archive.comment = "PK\5\6"; }},
      {"no_stream", [](CraftedArchive& archive) { archive.entries[1].deflated = "\xFF\xFF"; }},
      {"long_stream",
       [](CraftedArchive& archive) {
         archive.entries[1].deflated = deflated_blocks(archive.entries[1].content) + "more";
       }},
      {"other_content",
       [](CraftedArchive& archive) { archive.entries[1].deflated = stored_stream("other"); }},
      {"no_manifest", [](CraftedArchive& archive) { archive.has_manifest = false; }},
      {"empty",
       [](CraftedArchive& archive) {
         archive.has_manifest = false;
         archive.entries.clear();
       }},
      {"unlisted", [](CraftedArchive& archive) { archive.lists_entries = false; }},
      {"newer", [](CraftedArchive& archive) { archive.manifest_text = "{\"format\": 2}"; }},
      {"deep", [](CraftedArchive& archive) { archive.manifest_text = std::string(5000, '['); }},
  };
  for (const Row& row : rows) {
    CraftedArchive archive = small_archive();
    row.spoil(archive);
    write_file(folder / (std::string("hostile_") + row.name + ".zip"), archive.bytes());
  }
}

Manifest sample_manifest() {
  Manifest manifest = small_archive().manifest;
  manifest.app_version = "7.1";
  manifest.user = "CLINIC\\anna";
  manifest.reason = "before the Größe update";
  manifest.counts = {{"patients", 7}, {"visits", 1'000'000'000'000}, {"balance", -1}};
  manifest.schema_hash = std::string(32, 'a');
  manifest.sqlite_version = "3.51.3";
  for (const CraftedEntry& entry : clinic_archive().entries)
    manifest.entries.push_back(manifest_entry(entry));
  return manifest;
}

void write_good_manifests(const std::filesystem::path& folder) {
  Manifest manifest = sample_manifest();
  write_file(folder / "good_full.json", manifest_text(manifest));
  const json full = json::parse(manifest_text(manifest));
  json object = full;
  for (const char* key :
       {"app_version", "host", "user", "reason", "counts", "schema_hash", "sqlite_version"})
    object.erase(key);
  write_file(folder / "good_without_notes.json", object.dump());
  object = full;
  object["later"] = {{"any", {1, 2.5, nullptr, true}}};
  write_file(folder / "good_unknown_keys.json", object.dump());
  object = full;
  object["entries"][0]["size"] = 2 * kBlockBytes + 512;
  object["entries"][0]["compressed_size"] = 700'000;
  object["entries"][0]["block_offsets"] = {0, 300'000, 650'000};
  write_file(folder / "good_blocks.json", object.dump());
}

void write_hostile_manifests(const std::filesystem::path& folder) {
  struct Row {
    const char* name;
    std::function<void(json&)> spoil;
  };
  const Row rows[] = {
      {"format", [](json& m) { m["format"] = -1; }},
      {"newer", [](json& m) { m["format"] = 2; }},
      {"kind", [](json& m) { m["kind"] = "incremental"; }},
      {"time", [](json& m) { m["created_at"] = "2026-13-20T10:43:53Z"; }},
      {"count", [](json& m) { m["counts"]["patients"] = 0x8000000000000000U; }},
      {"fraction", [](json& m) { m["counts"]["patients"] = 1e300; }},
      {"database", [](json& m) { m["database"] = "settings.json"; }},
      {"twice", [](json& m) { m["entries"][1]["name"] = "CLINIC.DB"; }},
      {"folder_and_file", [](json& m) { m["entries"][1]["name"] = "clinic.db/x"; }},
      {"parent", [](json& m) { m["entries"][1]["name"] = "../x"; }},
      {"huge", [](json& m) { m["entries"][1]["size"] = 0xFFFFFFFFFFFFFFFFU; }},
      {"no_blocks", [](json& m) { m["entries"][1]["block_offsets"] = json::array(); }},
      {"late_block", [](json& m) { m["entries"][1]["block_offsets"] = {1}; }},
      {"page_size", [](json& m) { m["entries"][0]["page_size"] = 513; }},
  };
  for (const Row& row : rows) {
    json object = json::parse(manifest_text(sample_manifest()));
    row.spoil(object);
    write_file(folder / (std::string("hostile_") + row.name + ".json"), object.dump());
  }
  write_file(folder / "hostile_deep.json", std::string(5000, '['));
  write_file(folder / "hostile_not_utf8.json", "{\"dataset\": \"\xC0\xAF\"}");
  write_file(folder / "hostile_cut.json", manifest_text(sample_manifest()).substr(0, 700));
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 64;
  const std::filesystem::path corpus = text_path(arguments[1]);
  for (const char* kind : {"archive", "manifest"}) {
    std::filesystem::remove_all(corpus / kind);
    std::filesystem::create_directories(corpus / kind);
  }
  write_good_archives(corpus / "archive");
  write_hostile_archives(corpus / "archive");
  write_good_manifests(corpus / "manifest");
  write_hostile_manifests(corpus / "manifest");
  return 0;
}
