#include "service/config/config_files.h"

#include <algorithm>
#include <memory>
#include <span>
#include <utility>

#include "common/error.h"
#include "common/path_text.h"

namespace holdfast {
namespace {

constexpr std::string_view kExtension = ".json";

bool is_user_file(const StoredEntry& entry) {
  const std::string name = path_text(entry.name);
  return entry.kind == StoredEntry::Kind::File && name.starts_with("S-1-") &&
         name.ends_with(kExtension);
}

// Before the first user adds a dataset there is no folder.
std::vector<StoredEntry> entries_of(Storage& storage, const std::filesystem::path& folder) {
  try {
    return storage.list(folder);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::NotFound) return {};
    throw;
  }
}

// From a write that was broken off.
void remove_left_over(Storage& storage, const std::filesystem::path& file) {
  try {
    storage.remove(file);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::NotFound) throw;
  }
}

void write_whole(Storage& storage, const std::filesystem::path& file, std::string_view text) {
  std::filesystem::path half_written = file;
  half_written += ".tmp";
  remove_left_over(storage, half_written);
  {
    const std::unique_ptr<StoredFile> created = storage.create(half_written);
    created->write_at(0, std::as_bytes(std::span(text)));
    created->flush();
  }
  storage.replace(half_written, file);
  storage.flush_folder(file.parent_path());
}

}  // namespace

std::string config_text(Storage& storage, const std::filesystem::path& file) {
  const std::unique_ptr<StoredFile> opened = storage.open(file);
  const auto bytes = std::min<std::uint64_t>(opened->size(), kMaxConfigBytes + 1);
  std::string text(static_cast<std::size_t>(bytes), '\0');
  text.resize(opened->read_at(0, std::as_writable_bytes(std::span(text))));
  return text;
}

void write_user_config(Storage& storage, const std::filesystem::path& folder,
                       const std::string& sid, std::string_view text) {
  const std::filesystem::path users = folder / kUserConfigFolder;
  storage.create_folders(users);
  write_whole(storage, users / text_path(sid + std::string(kExtension)), text);
}

void write_machine_config(Storage& storage, const std::filesystem::path& folder,
                          std::string_view text) {
  write_whole(storage, folder / kConfigFile, text);
}

ConfigSources config_sources(Storage& storage, const std::filesystem::path& folder,
                             Policies policies) {
  ConfigSources sources{.machine = config_text(storage, folder / kConfigFile),
                        .policies = std::move(policies)};
  const std::filesystem::path users = folder / kUserConfigFolder;
  for (const StoredEntry& entry : entries_of(storage, users)) {
    if (!is_user_file(entry)) continue;
    std::string sid = path_text(entry.name);
    sid.resize(sid.size() - kExtension.size());
    sources.users[sid] = config_text(storage, users / entry.name);
  }
  return sources;
}

}  // namespace holdfast
