#include "service/archive/archive_name.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include <fmt/format.h>

namespace holdfast {
namespace {

constexpr std::size_t kMaxHostBytes = 63;
constexpr int kMaxCounter = 9999;
constexpr std::string_view kEnd = ".zip";
constexpr std::string_view kSafetyEnd = ".safety.zip";
constexpr std::string_view kUnfinishedEnd = ".tmp";

bool is_digit(char byte) {
  return '0' <= byte && byte <= '9';
}

bool is_lower(char byte) {
  return 'a' <= byte && byte <= 'z';
}

bool is_host_character(char byte) {
  return is_digit(byte) || is_lower(byte) || ('A' <= byte && byte <= 'Z') || byte == '-' ||
         byte == '_';
}

// Where the counter's digits begin, behind the text's last '.'; npos when something else follows.
// A host's name has no '.' here, so that "PC-2" is never taken for a second archive of "PC".
std::size_t last_number(std::string_view text) {
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos || dot + 1 == text.size()) return std::string_view::npos;
  const bool digits =
      std::all_of(text.begin() + static_cast<std::ptrdiff_t>(dot) + 1, text.end(), is_digit);
  return digits ? dot + 1 : std::string_view::npos;
}

// "20261120T104353Z".
std::string compact_time(Time time) {
  std::string text = utc_text(time);
  std::erase(text, '-');
  std::erase(text, ':');
  return text;
}

std::optional<Time> time_of(std::string_view text) {
  if (text.size() != 16) return std::nullopt;
  try {
    return time_from(fmt::format("{}-{}-{}:{}:{}", text.substr(0, 4), text.substr(4, 2),
                                 text.substr(6, 5), text.substr(11, 2), text.substr(13)));
  } catch (const std::invalid_argument&) {
    return std::nullopt;
  }
}

}  // namespace

bool is_dataset_id(std::string_view text) {
  return !text.empty() && text.size() <= kMaxDatasetIdBytes &&
         std::all_of(text.begin(), text.end(),
                     [](char byte) { return is_digit(byte) || is_lower(byte) || byte == '-'; });
}

std::string dataset_id_from(std::string_view text) {
  std::string id;
  for (const char c : text) {
    if (id.size() == kMaxDatasetIdBytes) break;
    const bool is_upper = 'A' <= c && c <= 'Z';
    if (is_lower(c) || is_digit(c) || is_upper) {
      id += is_upper ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (!id.empty() && id.back() != '-') {
      id += '-';
    }
  }
  while (!id.empty() && id.back() == '-') id.pop_back();
  return id.empty() ? "database" : id;
}

std::string archive_host(std::string_view host_name) {
  std::string host(host_name.substr(0, kMaxHostBytes));
  std::replace_if(
      host.begin(), host.end(), [](char byte) { return !is_host_character(byte); }, '-');
  while (host.ends_with('-')) host.pop_back();
  while (host.starts_with('-')) host.erase(0, 1);
  return host.empty() ? "unknown" : host;
}

std::string archive_file_name(const ArchiveName& name) {
  const std::string counter = name.counter > 1 ? fmt::format(".{}", name.counter) : std::string();
  return fmt::format("{}_{}_{}{}{}", name.dataset, compact_time(name.taken_at), name.host, counter,
                     name.kind == ArchiveName::Kind::Safety ? kSafetyEnd : kEnd);
}

std::optional<ArchiveName> parse_archive_name(std::string_view file_name) {
  ArchiveName name;
  std::string_view rest = file_name;
  if (rest.ends_with(kSafetyEnd)) {
    name.kind = ArchiveName::Kind::Safety;
    rest.remove_suffix(kSafetyEnd.size());
  } else if (rest.ends_with(kEnd)) {
    rest.remove_suffix(kEnd.size());
  } else {
    return std::nullopt;
  }
  const std::size_t dataset_end = std::min(rest.find('_'), rest.size());
  name.dataset = rest.substr(0, dataset_end);
  rest.remove_prefix(std::min(dataset_end + 1, rest.size()));
  const auto time = time_of(rest.substr(0, rest.find('_')));
  if (!is_dataset_id(name.dataset) || !time) return std::nullopt;
  name.taken_at = *time;
  rest.remove_prefix(std::min(rest.find('_'), rest.size() - 1) + 1);
  if (const std::size_t number = last_number(rest); number != std::string_view::npos) {
    const auto read =
        std::from_chars(rest.data() + number, rest.data() + rest.size(), name.counter);
    if (read.ec != std::errc() || name.counter < 2 || name.counter > kMaxCounter) {
      return std::nullopt;
    }
    rest = rest.substr(0, number - 1);
  }
  name.host = rest;
  // Whatever is not in its one right form comes out as another name.
  if (archive_host(name.host) != name.host || archive_file_name(name) != file_name) {
    return std::nullopt;
  }
  return name;
}

std::string unfinished_name(const ArchiveName& name) {
  return archive_file_name(name).append(kUnfinishedEnd);
}

std::optional<ArchiveName> parse_unfinished_name(std::string_view file_name) {
  if (!file_name.ends_with(kUnfinishedEnd)) return std::nullopt;
  return parse_archive_name(file_name.substr(0, file_name.size() - kUnfinishedEnd.size()));
}

}  // namespace holdfast
