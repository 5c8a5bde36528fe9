#include "service/catalog/set_aside.h"

#include <algorithm>
#include <functional>
#include <set>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "common/path_text.h"
#include "service/archive/sqlite_sidecars.h"
#include "service/platform/is_there.h"
#include "service/platform/storage.h"

namespace holdfast {
namespace {

constexpr std::string_view kAsideEnd = ".damaged";
constexpr std::string_view kStampCharacters = "0123456789-TZ";

std::filesystem::path with_end(std::filesystem::path path, std::string_view end) {
  return path += text_path(end);
}

bool has_sidecars(const std::filesystem::path& database) {
  return std::any_of(kSqliteSidecars.begin(), kSqliteSidecars.end(),
                     [&](std::string_view end) { return is_there(with_end(database, end)); });
}

// "catalog.db.2026-11-20T104353Z.damaged": these sort by time, and Windows forbids ':'.
std::filesystem::path aside_name(const std::filesystem::path& database, Time time) {
  std::string stamp = utc_text(time);
  std::erase(stamp, ':');
  return with_end(database, "." + stamp + std::string(kAsideEnd));
}

// The main part of a name that aside_name() made for `database`, without -wal and the like; empty
// for any other.
std::string aside_part(std::string_view name, std::string_view database) {
  const std::size_t end = name.rfind(kAsideEnd);
  if (end == std::string_view::npos || !name.starts_with(database)) return {};
  const std::string_view part = name.substr(0, end + kAsideEnd.size());
  const std::string_view sidecar = name.substr(part.size());
  const bool known_sidecar =
      sidecar.empty() ||
      std::find(kSqliteSidecars.begin(), kSqliteSidecars.end(), sidecar) != kSqliteSidecars.end();
  const std::string_view stamp = part.substr(database.size(), end - database.size());
  const bool is_stamp = stamp.starts_with('.') &&
                        stamp.find_first_not_of(kStampCharacters, 1) == std::string_view::npos;
  return known_sidecar && is_stamp ? std::string(part) : std::string();
}

// `kept` stays whatever its name says: the clock may have been put back.
void remove_older(Storage& storage, const std::filesystem::path& database,
                  const std::string& kept) {
  const std::string name = path_text(database.filename());
  std::set<std::string, std::greater<>> parts;
  std::vector<StoredEntry> entries = storage.list(database.parent_path());
  for (const StoredEntry& entry : entries) parts.insert(aside_part(path_text(entry.name), name));
  parts.erase("");
  parts.erase(kept);
  auto end = parts.begin();
  for (std::size_t stay = 1; stay < kMostSetAside && end != parts.end(); ++stay) ++end;
  parts.erase(parts.begin(), end);
  for (const StoredEntry& entry : entries) {
    const bool is_older = parts.contains(aside_part(path_text(entry.name), name));
    if (is_older && entry.kind == StoredEntry::Kind::File) {
      storage.remove(database.parent_path() / entry.name);
    }
  }
}

}  // namespace

bool has_only_sidecars(const std::filesystem::path& database) {
  return !is_there(database) && has_sidecars(database);
}

// The database goes first: should this end halfway, has_only_sidecars() tells.
std::string set_aside(const std::filesystem::path& database, Time now) {
  std::filesystem::path aside = aside_name(database, now);
  while (is_there(aside) || has_sidecars(aside)) aside = aside_name(database, ++now);
  DiskStorage storage;
  if (is_there(database)) storage.rename(database, aside);
  for (const std::string_view end : kSqliteSidecars) {
    const std::filesystem::path sidecar = with_end(database, end);
    if (is_there(sidecar)) storage.rename(sidecar, with_end(aside, end));
  }
  storage.flush_folder(database.parent_path());
  const std::string name = path_text(aside.filename());
  try {
    remove_older(storage, database, name);
  } catch (const std::runtime_error&) {
    // They take room and do no harm, and the next time tries again; a name may even be no text.
    return name;
  }
  return name;
}

}  // namespace holdfast
