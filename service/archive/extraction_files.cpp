#include "service/archive/extraction_files.h"

#include <algorithm>
#include <set>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "common/error.h"
#include "common/path_text.h"
#include "service/archive/entry_names.h"
#include "service/platform/is_there.h"
#include "service/platform/machine.h"

namespace holdfast {
namespace {

constexpr int kMaxAttempts = 100;

std::filesystem::path temporary_path(const std::filesystem::path& final_name, int attempt) {
  std::filesystem::path path = final_name;
  path += text_path(attempt == 1 ? ".tmp-holdfast" : fmt::format(".tmp-holdfast-{}", attempt));
  return path;
}

Error in_the_way(const std::filesystem::path& path, std::string_view what) {
  return {ErrorCode::AlreadyExists,
          fmt::format("Cannot extract to {}: there is {} of that name.", path_text(path), what),
          "Choose an empty folder."};
}

std::string spelling(const std::filesystem::path& path) {
  return spelling(path, path_letter_case());
}

}  // namespace

ExtractionFiles::~ExtractionFiles() {
  if (kept_) return;
  for (const Pending& file : files_) {
    try {
      storage_.remove(file.present);
    } catch (const std::exception&) {  // what cannot be removed must not hide why it should be
    }
  }
  std::for_each(folders_.rbegin(), folders_.rend(), [](const std::filesystem::path& folder) {
    std::error_code ignored;  // somebody may have put something of his own there
    std::filesystem::remove(folder, ignored);
  });
}

void ExtractionFiles::make_target(const std::filesystem::path& folder) {
  std::error_code unknown;
  std::vector<std::filesystem::path> missing;
  for (std::filesystem::path at = folder; !at.empty() && !std::filesystem::exists(at, unknown);
       at = at.parent_path()) {
    if (at.has_filename()) missing.push_back(at);
    if (at.parent_path() == at) break;
  }
  std::for_each(missing.rbegin(), missing.rend(), [this](const std::filesystem::path& at) {
    storage_.create_folders(at);
    folders_.push_back(at);
  });
}

void ExtractionFiles::make_folder(const std::filesystem::path& target,
                                  const std::filesystem::path& below) {
  std::filesystem::path at = target;
  for (const std::filesystem::path& part : below) {
    const Kinds& kinds = kinds_in(at);
    const auto known = kinds.find(spelling(part));
    const bool is_new = known == kinds.end();
    const auto kind = is_new ? StoredEntry::Kind::Folder : known->second;
    at /= part;
    if (kind == StoredEntry::Kind::Link) throw in_the_way(at, "a link");
    if (kind != StoredEntry::Kind::Folder) throw in_the_way(at, "a file");
    if (!is_new || known_.contains(spelling(at))) continue;
    // Only the system knows all spellings of a name.
    if (is_there(at)) throw in_the_way(at, "something");
    storage_.create_folders(at);
    folders_.push_back(at);
    known_[spelling(at)] = {};
  }
}

void ExtractionFiles::expect_free(const std::filesystem::path& file) {
  if (kinds_in(file.parent_path()).contains(spelling(file.filename()))) {
    throw in_the_way(file, "something");
  }
}

std::unique_ptr<StoredFile> ExtractionFiles::create(const std::filesystem::path& final_name) {
  for (int attempt = 1;; ++attempt) {
    const std::filesystem::path path = temporary_path(final_name, attempt);
    try {
      auto file = storage_.create(path);
      files_.push_back({path, final_name});
      return file;
    } catch (const Error& error) {
      // What an extraction that was killed has left behind stays: it may be somebody's file.
      if (error.code() != ErrorCode::AlreadyExists || attempt == kMaxAttempts) throw;
    }
  }
}

void ExtractionFiles::publish() {
  std::set<std::filesystem::path> changed;
  for (Pending& file : files_) {
    storage_.rename(file.present, file.final_name);
    file.present = file.final_name;
    changed.insert(file.final_name.parent_path());
  }
  for (const std::filesystem::path& folder : folders_) changed.insert(folder.parent_path());
  for (const std::filesystem::path& folder : changed) {
    storage_.flush_folder(folder.empty() ? std::filesystem::path(".") : folder);
  }
}

const ExtractionFiles::Kinds& ExtractionFiles::kinds_in(const std::filesystem::path& folder) {
  const auto [known, is_new] = known_.try_emplace(spelling(folder));
  if (!is_new) return known->second;
  try {
    const std::filesystem::path path = folder.empty() ? std::filesystem::path(".") : folder;
    for (const StoredEntry& entry : storage_.list(path)) {
      known->second[spelling(entry.name)] = entry.kind;
    }
  } catch (...) {
    known_.erase(known);
    throw;
  }
  return known->second;
}

}  // namespace holdfast
