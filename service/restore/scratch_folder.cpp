#include "service/restore/scratch_folder.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "common/error.h"
#include "common/path_text.h"
#include "service/platform/is_there.h"
#include "service/restore/remove_tree.h"

namespace holdfast {
namespace {

constexpr std::string_view kPrefix = "holdfast-scratch-";
constexpr std::string_view kLockEnd = ".lock";
constexpr int kMaxAttempts = 1000;

using Kind = StoredEntry::Kind;

bool is_number(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char byte) { return '0' <= byte && byte <= '9'; });
}

bool is_own_name(std::string_view name) {
  return name.starts_with(kPrefix) && is_number(name.substr(kPrefix.size()));
}

std::filesystem::path lock_of(std::filesystem::path folder) {
  return folder += text_path(kLockEnd);
}

bool is_in_use(Storage& storage, const std::filesystem::path& lock) {
  return is_there(lock) && storage.is_being_written(lock);
}

// What cannot be removed now is removed by the next one.
void remove_left(Storage& storage, const std::filesystem::path& folder) noexcept {
  try {
    const std::filesystem::path lock = lock_of(folder);
    if (is_in_use(storage, lock)) return;
    if (is_there(folder)) remove_tree(storage, folder);
    if (is_there(lock)) storage.remove(lock);
  } catch (const std::exception&) {
    return;
  }
}

void sweep(Storage& storage, const std::filesystem::path& place) {
  const std::vector<StoredEntry> entries = storage.list(place);
  const auto is_link = [&entries](const std::filesystem::path& name) {
    return std::ranges::any_of(entries, [&name](const StoredEntry& entry) {
      return entry.kind == Kind::Link && entry.name == name;
    });
  };
  for (const StoredEntry& entry : entries) {
    std::string name = path_text(entry.name);
    const bool is_lock = entry.kind == Kind::File && name.ends_with(kLockEnd);
    if (is_lock) name.resize(name.size() - kLockEnd.size());
    const bool is_left = is_lock || entry.kind == Kind::Folder;
    if (is_left && is_own_name(name) && !is_link(text_path(name))) {
      remove_left(storage, place / text_path(name));
    }
  }
}

}  // namespace

ScratchFolder::ScratchFolder(Storage& storage, const std::filesystem::path& place)
    : storage_(storage) {
  storage_.create_folders(place);
  sweep(storage_, place);
  for (int number = 1; !lock_; ++number) {
    path_ = place / text_path(fmt::format("{}{}", kPrefix, number));
    const bool is_last = number == kMaxAttempts;
    // What could not be removed, or is none of these folders, has the name.
    if (is_there(path_) && !is_last) continue;
    try {
      lock_ = storage_.create(lock_of(path_));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::AlreadyExists || is_last) throw;
    }
  }
  try {
    storage_.create_folders(path_);
  } catch (...) {
    lock_.reset();
    remove_left(storage_, path_);
    throw;
  }
}

ScratchFolder::~ScratchFolder() {
  try {
    remove_tree(storage_, path_);
  } catch (const std::exception&) {  // the next one removes it
  }
  lock_.reset();
  // The name may be another's from here on: then the lock is in use again.
  remove_left(storage_, path_);
}

}  // namespace holdfast
