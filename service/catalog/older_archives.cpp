#include "service/catalog/older_archives.h"

#include <algorithm>
#include <charconv>

#include "common/text.h"
#include "service/archive/entry_name.h"

namespace holdfast {
namespace {

constexpr std::string_view kBackup = "backup_";
constexpr std::string_view kSafetyBackup = "safety_backup_";
constexpr std::string_view kZipEnd = ".zip";
constexpr std::string_view kEncryptedZipEnd = ".encrypted.zip";
constexpr std::string_view kDatabaseEnd = ".db";
constexpr std::string_view kCopyEnd = " - Copy";

// '0' stands for a digit.
constexpr std::string_view kDashedDate = "0000-00-00_00-00-00";
constexpr std::string_view kCompactDate = "00000000_000000";
constexpr int kEarliestYear = 2000;  // no older system is as old
constexpr std::size_t kMaxHostBytes = 63;

bool is_digit(char byte) {
  return '0' <= byte && byte <= '9';
}

bool same_name(std::string_view one, std::string_view other) {
  return folded_name(one) == folded_name(other);
}

bool take_start(std::string_view& rest, std::string_view start) {
  if (!same_name(rest.substr(0, start.size()), start)) return false;
  rest.remove_prefix(start.size());
  return true;
}

bool take_end(std::string_view& rest, std::string_view end) {
  if (rest.size() < end.size()) return false;
  if (!same_name(rest.substr(rest.size() - end.size()), end)) return false;
  rest.remove_suffix(end.size());
  return true;
}

bool has_form(std::string_view text, std::string_view form) {
  return text.size() == form.size() &&
         std::equal(text.begin(), text.end(), form.begin(), [](char byte, char wanted) {
           return wanted == '0' ? is_digit(byte) : byte == wanted;
         });
}

int number(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

std::optional<LocalTime> local_time_of(std::string_view text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), is_digit);
  const std::string_view all = digits;
  const int year = number(all.substr(0, 4));
  const std::chrono::year_month_day date{
      std::chrono::year(year), std::chrono::month(static_cast<unsigned>(number(all.substr(4, 2)))),
      std::chrono::day(static_cast<unsigned>(number(all.substr(6, 2))))};
  const int hour = number(all.substr(8, 2));
  const int minute = number(all.substr(10, 2));
  const int second = number(all.substr(12, 2));
  const bool fits = date.ok() && year >= kEarliestYear && hour < 24 && minute < 60 && second < 60;
  if (!fits) return std::nullopt;
  return std::chrono::local_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

std::optional<LocalTime> take_date(std::string_view& rest) {
  for (const std::string_view form : {kDashedDate, kCompactDate}) {
    const std::string_view text = rest.substr(0, form.size());
    if (!has_form(text, form)) continue;
    rest.remove_prefix(form.size());
    return local_time_of(text);
  }
  return std::nullopt;
}

// Takes " (2)", and " - Copy" before it, off the end.
void take_copy_mark(std::string_view& rest) {
  const std::size_t open = rest.rfind(" (");
  if (open != std::string_view::npos && rest.ends_with(')')) {
    const std::string_view inside = rest.substr(open + 2, rest.size() - open - 3);
    if (!inside.empty() && std::all_of(inside.begin(), inside.end(), is_digit)) {
      rest = rest.substr(0, open);
    }
  }
  take_end(rest, kCopyEnd);
}

bool is_host(std::string_view text) {
  const auto fits = [](char byte) {
    const bool letter = ('a' <= byte && byte <= 'z') || ('A' <= byte && byte <= 'Z');
    const bool beyond_ascii = static_cast<unsigned char>(byte) >= 0x80;
    return letter || is_digit(byte) || beyond_ascii || byte == '-' || byte == '_';
  };
  return !text.empty() && text.size() <= kMaxHostBytes && is_utf8(text) &&
         std::all_of(text.begin(), text.end(), fits);
}

// The date and what may stand behind it.
std::optional<OlderName> parse_rest(std::string_view rest, OlderName name) {
  const auto date = take_date(rest);
  if (!date) return std::nullopt;
  name.taken_at = *date;
  take_copy_mark(rest);
  if (rest.empty()) return name;
  const bool separated = rest.front() == '_' || rest.front() == '-';
  if (!separated || !is_host(rest.substr(1))) return std::nullopt;
  name.host = rest.substr(1);
  return name;
}

std::optional<OlderName> parse_backup(std::string_view rest, OlderName name) {
  if (take_start(rest, kSafetyBackup)) {
    name.kind = ArchiveName::Kind::Safety;
  } else if (!take_start(rest, kBackup)) {
    return std::nullopt;
  }
  return parse_rest(rest, std::move(name));
}

std::optional<OlderName> parse_database_copy(std::string_view rest,
                                             std::string_view database_name) {
  const std::size_t dot = std::min(database_name.rfind('.'), database_name.size());
  const std::string_view stem = database_name.substr(0, dot);
  const std::string_view extension = database_name.substr(dot);
  if (stem.empty() || !take_start(rest, stem) || !take_start(rest, "_")) return std::nullopt;
  if (!take_end(rest, kDatabaseEnd) && !take_end(rest, extension)) return std::nullopt;
  return parse_rest(rest, {.format = ArchiveFormat::RvuDatabase});
}

}  // namespace

std::optional<OlderName> parse_older_name(std::string_view name, StoredEntry::Kind kind,
                                          std::string_view database_name) {
  if (kind == StoredEntry::Kind::Folder) {
    return parse_backup(name, {.format = ArchiveFormat::LegacyFolder});
  }
  if (kind != StoredEntry::Kind::File) return std::nullopt;
  std::string_view rest = name;
  const bool is_encrypted = take_end(rest, kEncryptedZipEnd);
  if (is_encrypted || take_end(rest, kZipEnd)) {
    return parse_backup(rest, {.format = ArchiveFormat::LegacyZip, .is_encrypted = is_encrypted});
  }
  return parse_database_copy(rest, database_name);
}

}  // namespace holdfast
