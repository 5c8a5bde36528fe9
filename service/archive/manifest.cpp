#include "service/archive/manifest.h"

#include <charconv>
#include <limits>
#include <set>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/text.h"
#include "service/archive/archive_limits.h"
#include "service/archive/archive_name.h"
#include "service/archive/bounded_json.h"
#include "service/archive/entry_name.h"
#include "service/archive/entry_names.h"
#include "service/archive/sqlite_sidecars.h"

namespace holdfast {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::size_t kMaxDepth = 16;
constexpr std::size_t kHashDigits = 32;

Error invalid(std::string_view why) {
  return {ErrorCode::ArchiveInvalid, fmt::format("The archive's manifest is refused: {}.", why),
          "Use an archive that Holdfast has written and nobody has changed."};
}

std::string_view kind_name(ManifestEntry::Kind kind) {
  return kind == ManifestEntry::Kind::Database ? "database" : "file";
}

ordered_json entry_json(const ManifestEntry& entry) {
  ordered_json object = {{"name", entry.name},
                         {"kind", kind_name(entry.kind)},
                         {"size", entry.size},
                         {"compressed_size", entry.compressed_size},
                         {"crc32", fmt::format("{:08x}", entry.crc32)},
                         {"xxh3", entry.xxh3}};
  if (entry.kind == ManifestEntry::Kind::Database) object["page_size"] = entry.page_size;
  object["block_offsets"] = entry.block_offsets;
  return object;
}

json parse(std::string_view text) {
  try {
    return parse_bounded_json(text,
                              {.depth = kMaxDepth, .parts = kMaxBlocks + 32 * kMaxArchiveEntries});
  } catch (const std::runtime_error& fault) {
    throw invalid(fault.what());
  }
}

const json& member(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) throw invalid(fmt::format("it has no \"{}\"", key));
  return *found;
}

std::string text_of(const json& object, const char* key) {
  const json& value = member(object, key);
  if (!value.is_string()) throw invalid(fmt::format("\"{}\" is no text", key));
  return value.get<std::string>();
}

std::string optional_text(const json& object, const char* key) {
  return object.contains(key) ? text_of(object, key) : std::string();
}

std::uint64_t number_of(const json& object, const char* key, std::uint64_t most) {
  const json& value = member(object, key);
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > most) {
    throw invalid(fmt::format("\"{}\" is no number that fits", key));
  }
  return value.get<std::uint64_t>();
}

std::string hexadecimal(const json& object, const char* key, std::size_t digits) {
  std::string text = text_of(object, key);
  if (text.size() != digits || text.find_first_not_of("0123456789abcdef") != std::string::npos) {
    throw invalid(fmt::format("\"{}\" is not {} hexadecimal digits", key, digits));
  }
  return text;
}

Time time_of(const json& object, const char* key) {
  try {
    return time_from(text_of(object, key));
  } catch (const std::invalid_argument&) {
    throw invalid(fmt::format("\"{}\" is no UTC time", key));
  }
}

std::map<std::string, std::int64_t> counts_of(const json& object) {
  std::map<std::string, std::int64_t> counts;
  if (!object.contains("counts")) return counts;
  const json& values = object["counts"];
  if (!values.is_object()) throw invalid("\"counts\" is no object");
  for (const auto& [name, value] : values.items()) {
    const bool fits = value.is_number_integer() &&
                      !(value.is_number_unsigned() &&
                        value.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max());
    if (!fits) throw invalid(fmt::format("the count \"{}\" is no whole number", one_line(name)));
    counts[name] = value.get<std::int64_t>();
  }
  return counts;
}

std::map<std::string, std::string> count_queries_of(const json& object) {
  std::map<std::string, std::string> queries;
  if (!object.contains("count_queries")) return queries;
  const json& values = object["count_queries"];
  if (!values.is_object()) throw invalid("\"count_queries\" is no object");
  for (const auto& [name, value] : values.items()) {
    if (!value.is_string()) {
      throw invalid(fmt::format("the query of the count \"{}\" is no text", one_line(name)));
    }
    queries[name] = value.get<std::string>();
  }
  return queries;
}

ManifestEntry::Kind kind_of(const json& object) {
  const std::string kind = text_of(object, "kind");
  if (kind == kind_name(ManifestEntry::Kind::Database)) return ManifestEntry::Kind::Database;
  if (kind == kind_name(ManifestEntry::Kind::File)) return ManifestEntry::Kind::File;
  throw invalid(fmt::format("it has an entry of the unknown kind \"{}\"", one_line(kind)));
}

std::vector<std::uint64_t> offsets_of(const json& object) {
  const json& values = member(object, "block_offsets");
  if (!values.is_array()) throw invalid("\"block_offsets\" is no list");
  std::vector<std::uint64_t> offsets;
  offsets.reserve(values.size());
  for (const json& value : values) {
    if (!value.is_number_unsigned()) throw invalid("a block offset is no number that fits");
    offsets.push_back(value.get<std::uint64_t>());
  }
  return offsets;
}

void check_blocks(const ManifestEntry& entry) {
  const auto fail = [&entry](std::string_view why) {
    return invalid(fmt::format("{} of {}", why, one_line(entry.name)));
  };
  const std::vector<std::uint64_t>& offsets = entry.block_offsets;
  const std::uint64_t blocks = entry.size == 0 ? 1 : (entry.size - 1) / kBlockBytes + 1;
  if (offsets.size() != blocks) throw fail("the number of blocks does not fit the size");
  if (offsets.front() != 0) throw fail("the first block is not at the beginning");
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    const std::uint64_t end = i + 1 < offsets.size() ? offsets[i + 1] : entry.compressed_size;
    if (end <= offsets[i] || end > entry.compressed_size) throw fail("the blocks do not rise");
    if (end - offsets[i] > most_deflated_bytes(kBlockBytes)) throw fail("a block is too large");
  }
}

void check_pages(const ManifestEntry& entry) {
  const std::uint32_t size = entry.page_size;
  const bool power_of_two = (size & (size - 1)) == 0;
  if (size < 512 || size > 65536 || !power_of_two || entry.size % size != 0) {
    throw invalid(fmt::format("the page size of {} does not fit it", one_line(entry.name)));
  }
}

ManifestEntry entry_of(const json& object) {
  if (!object.is_object()) throw invalid("an entry is no object");
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max() / kMaxDeflateRatio;
  ManifestEntry entry{.kind = kind_of(object),
                      .name = text_of(object, "name"),
                      .size = number_of(object, "size", kMost),
                      .compressed_size = number_of(object, "compressed_size", kMost),
                      .xxh3 = hexadecimal(object, "xxh3", kHashDigits),
                      .block_offsets = offsets_of(object)};
  const std::string crc32 = hexadecimal(object, "crc32", 8);
  std::from_chars(crc32.data(), crc32.data() + crc32.size(), entry.crc32, 16);
  check_blocks(entry);
  if (entry.kind == ManifestEntry::Kind::Database) {
    entry.page_size = static_cast<std::uint32_t>(
        number_of(object, "page_size", std::numeric_limits<std::uint32_t>::max()));
    check_pages(entry);
  }
  return entry;
}

void check_names(const std::vector<ManifestEntry>& entries) {
  std::vector<std::string> names;
  names.reserve(entries.size());
  for (const ManifestEntry& entry : entries) names.push_back(entry.name);
  if (const auto fault = entry_names_fault(names)) {
    throw invalid(fmt::format("the name {} {}", one_line(fault->name), fault->why));
  }
}

// SQLite would take such a file for a part of the database that it lies beside.
void refuse_sidecars(const std::vector<ManifestEntry>& entries) {
  std::set<std::string> databases;
  for (const ManifestEntry& entry : entries) {
    if (entry.kind == ManifestEntry::Kind::Database) databases.insert(folded_name(entry.name));
  }
  for (const ManifestEntry& entry : entries) {
    if (!databases.contains(database_of_sidecar(entry.name))) continue;
    throw invalid(fmt::format("{} would be read as a part of the database that it lies beside",
                              one_line(entry.name)));
  }
}

std::vector<ManifestEntry> entries_of(const json& object) {
  const json& values = member(object, "entries");
  if (!values.is_array()) throw invalid("\"entries\" is no list");
  if (values.size() >= kMaxArchiveEntries) throw invalid("it has too many entries");
  std::vector<ManifestEntry> entries;
  entries.reserve(values.size());
  for (const json& value : values) entries.push_back(entry_of(value));
  check_names(entries);
  refuse_sidecars(entries);
  return entries;
}

// A file's name is made of it where nobody has said another.
std::string dataset_of(const json& object) {
  std::string dataset = text_of(object, "dataset");
  if (!is_dataset_id(dataset)) {
    throw invalid(fmt::format("\"{}\" is no dataset's name", one_line(dataset, 80)));
  }
  return dataset;
}

void check_format(const json& object) {
  if (!object.is_object()) throw invalid("it is no object");
  const std::uint64_t format =
      number_of(object, "format", std::numeric_limits<std::int64_t>::max());
  if (format == 0) throw invalid("there is no format 0");
  const std::string kind = optional_text(object, "kind");
  if (format > kArchiveFormat || kind != "full") {
    throw Error(
        ErrorCode::ArchiveTooNew,
        fmt::format("The archive has format {}, kind \"{}\"; this Holdfast reads format {}, "
                    "kind \"full\".",
                    format, one_line(kind, 40), kArchiveFormat),
        "Install a newer Holdfast.");
  }
}

}  // namespace

std::string manifest_text(const Manifest& manifest) {
  const ordered_json head = {{"format", manifest.format},
                             {"kind", manifest.kind},
                             {"dataset", manifest.dataset},
                             {"created_at", utc_text(manifest.created_at)},
                             {"version", manifest.version},
                             {"app_version", manifest.app_version},
                             {"host", manifest.host},
                             {"user", manifest.user},
                             {"reason", manifest.reason},
                             {"database", manifest.database},
                             {"counts", manifest.counts},
                             {"count_queries", manifest.count_queries},
                             {"schema_hash", manifest.schema_hash},
                             {"sqlite_version", manifest.sqlite_version}};
  constexpr auto kLenient = ordered_json::error_handler_t::replace;
  std::string text = head.dump(2, ' ', false, kLenient);
  // An entry a line: a block's offset a line would make a large database's manifest unreadable.
  text.erase(text.rfind("\n}"));
  text += ",\n  \"entries\": [";
  std::string_view separator = "\n    ";
  for (const ManifestEntry& entry : manifest.entries) {
    text += separator;
    text += entry_json(entry).dump(-1, ' ', false, kLenient);
    separator = ",\n    ";
  }
  return text + "\n  ]\n}\n";
}

Manifest read_manifest(std::string_view text) {
  const json object = parse(text);
  check_format(object);
  Manifest manifest{.dataset = dataset_of(object),
                    .created_at = time_of(object, "created_at"),
                    .version = text_of(object, "version"),
                    .app_version = optional_text(object, "app_version"),
                    .host = optional_text(object, "host"),
                    .user = optional_text(object, "user"),
                    .reason = optional_text(object, "reason"),
                    .database = text_of(object, "database"),
                    .counts = counts_of(object),
                    .count_queries = count_queries_of(object),
                    .schema_hash = optional_text(object, "schema_hash"),
                    .sqlite_version = optional_text(object, "sqlite_version"),
                    .entries = entries_of(object)};
  for (const ManifestEntry& entry : manifest.entries) {
    const bool is_it = entry.name == manifest.database;
    if (is_it && entry.kind == ManifestEntry::Kind::Database) return manifest;
  }
  throw invalid(
      fmt::format("the database {} is not among its entries", one_line(manifest.database)));
}

}  // namespace holdfast
