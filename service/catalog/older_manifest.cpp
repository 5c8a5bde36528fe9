#include "service/catalog/older_manifest.h"

#include <charconv>
#include <limits>
#include <stdexcept>

#include "common/text.h"
#include "service/archive/bounded_json.h"
#include "service/archive/entry_name.h"

namespace holdfast {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxParts = 10'000;
constexpr std::size_t kMaxCounts = 100;
constexpr std::size_t kMaxCountNameBytes = 100;
constexpr std::string_view kCountEnd = "_count";
constexpr std::size_t kTimeBytes = 19;  // "2026-01-05T14:30:00"

std::optional<std::int64_t> whole_number(const json& value) {
  if (!value.is_number_integer()) return std::nullopt;
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > kMost) return std::nullopt;
  return value.get<std::int64_t>();
}

// "+05:30", less than a day.
std::optional<std::chrono::minutes> offset_of(std::string_view text) {
  if (text.size() != 6 || text[3] != ':' || (text[0] != '+' && text[0] != '-')) {
    return std::nullopt;
  }
  unsigned hours = 0;
  unsigned minutes = 0;
  const char* const begin = text.data();
  const bool read = std::from_chars(begin + 1, begin + 3, hours).ptr == begin + 3 &&
                    std::from_chars(begin + 4, begin + 6, minutes).ptr == begin + 6;
  if (!read || hours > 23 || minutes > 59) return std::nullopt;
  const auto offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  return text[0] == '-' ? -offset : offset;
}

// "2026-01-05T14:30:00.123456+05:30", with or without fraction and offset.
std::optional<Time> time_of(std::string text, const TimeZone& zone) {
  if (text.size() < kTimeBytes) return std::nullopt;
  if (text[10] == ' ') text[10] = 'T';
  Time shown;
  try {
    shown = time_from(text.substr(0, kTimeBytes) + "Z");
  } catch (const std::invalid_argument&) {
    return std::nullopt;
  }
  std::string_view rest = std::string_view(text).substr(kTimeBytes);
  if (rest.starts_with('.')) {
    rest.remove_prefix(std::min(rest.find_first_not_of("0123456789", 1), rest.size()));
  }
  if (rest.empty()) return first_instant(zone, LocalTime(shown.time_since_epoch()));
  if (rest == "Z") return shown;
  const auto offset = offset_of(rest);
  return offset ? std::optional<Time>(shown - *offset) : std::nullopt;
}

std::optional<Time> time_of(const json& object, const char* key, const TimeZone& zone) {
  const auto found = object.find(key);
  if (found == object.end()) return std::nullopt;
  if (found->is_string()) return time_of(found->get<std::string>(), zone);
  const auto seconds = whole_number(*found);
  return seconds ? std::optional<Time>(Time(std::chrono::seconds(*seconds))) : std::nullopt;
}

void take_count(OlderFacts& facts, const std::string& name, const json& value) {
  const auto count = whole_number(value);
  const bool fits = count && !name.empty() && name.size() <= kMaxCountNameBytes &&
                    one_line(name, kMaxCountNameBytes) == name;
  if (fits && facts.counts.size() < kMaxCounts) facts.counts.emplace(name, *count);
}

void take_counts(OlderFacts& facts, const json& object) {
  if (const auto counts = object.find("counts"); counts != object.end() && counts->is_object()) {
    for (const auto& [name, value] : counts->items()) take_count(facts, name, value);
  }
  for (const auto& [key, value] : object.items()) {
    if (key.size() == kCountEnd.size() || !key.ends_with(kCountEnd)) continue;
    take_count(facts, key.substr(0, key.size() - kCountEnd.size()) + "s", value);
  }
}

bool fits(Time time, Time by_name) {
  return by_name - std::chrono::days(1) <= time && time <= by_name + std::chrono::days(1);
}

}  // namespace

bool is_older_manifest(std::string_view name) {
  const std::string folded = folded_name(name);
  return folded == "backup_manifest.json" || folded == "manifest.json";
}

OlderFacts read_older_manifest(std::string_view text, Time by_name, const TimeZone& zone) {
  OlderFacts facts;
  if (text.size() > kMaxOlderManifestBytes) return facts;
  json object;
  try {
    object = parse_bounded_json(text, {.parts = kMaxParts});
  } catch (const std::runtime_error&) {
    return facts;
  }
  if (!object.is_object()) return facts;
  for (const char* key : {"timestamp", "created_at"}) {
    const auto time = time_of(object, key, zone);
    if (time && fits(*time, by_name)) facts.taken_at = time;
  }
  take_counts(facts, object);
  return facts;
}

}  // namespace holdfast
