#include "service/archive/set_aside_copies.h"

#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "common/path_text.h"
#include "service/archive/entry_name.h"
#include "service/archive/file_hash.h"

namespace holdfast {
namespace {

// Copies of one name that are set aside one after the other.
constexpr int kMostOfOneName = 100;

struct FileFacts {
  std::uint64_t bytes = 0;
  std::string hash;

  bool operator==(const FileFacts&) const = default;
};

class Comparison {
 public:
  Comparison(Storage& storage, const std::filesystem::path& folder, const std::stop_token& stop)
      : storage_(storage), folder_(folder), stop_(stop) {
    for (StoredEntry& entry : storage.list(folder)) {
      if (folded_name(path_text(entry.name)) == kConflictsFolder) in_its_place_ = entry.kind;
      const bool can_be_read = entry.kind == StoredEntry::Kind::File && entry.is_local;
      if (can_be_read) here_.insert(std::move(entry.name));
    }
  }

  std::optional<ComparedCopy> compare(const ConflictCopy& pair) {
    if (!is_here(pair.copy) || !is_here(pair.original)) return std::nullopt;
    const FileFacts& original = facts_of(pair.original);
    const FileFacts& copy = facts_of(pair.copy);
    return ComparedCopy{.copy = pair.copy,
                        .original = pair.original,
                        .copy_hash = copy.hash,
                        .original_hash = original.hash,
                        .is_same = copy == original};
  }

  void set_aside(ComparedCopy& copy) {
    const std::filesystem::path aside = folder_ / text_path(kConflictsFolder);
    // A link would lead the copy to wherever somebody wants it.
    if (in_its_place_ && *in_its_place_ != StoredEntry::Kind::Folder) {
      throw Error(
          ErrorCode::AlreadyExists,
          fmt::format("{} was not set aside: {} is no folder.", copy.copy, path_text(aside)),
          "Rename what has this name.");
    }
    storage_.create_folders(aside);
    move(copy.copy, aside);
    copy.is_aside = true;
    storage_.flush_folder(aside);
    storage_.flush_folder(folder_);
  }

 private:
  bool is_here(const std::string& file_name) const { return here_.contains(text_path(file_name)); }

  // An original may have several copies.
  const FileFacts& facts_of(const std::string& file_name) {
    const auto known = facts_.find(file_name);
    if (known != facts_.end()) return known->second;
    const auto file = storage_.open(folder_ / text_path(file_name));
    FileFacts facts;
    facts.hash = file_hash(*file, [&](std::size_t bytes) {
      stop_if_asked();
      facts.bytes += bytes;
    });
    return facts_.emplace(file_name, std::move(facts)).first->second;
  }

  void move(const std::string& file_name, const std::filesystem::path& aside) {
    const std::filesystem::path from = folder_ / text_path(file_name);
    for (int number = 1;; ++number) {
      const std::string name = number == 1 ? file_name
                                           : fmt::format("{} ({}){}", path_text(from.stem()),
                                                         number, path_text(from.extension()));
      try {
        return storage_.rename(from, aside / text_path(name));
      } catch (const Error& error) {
        if (error.code() != ErrorCode::AlreadyExists || number == kMostOfOneName) throw;
      }
    }
  }

  void stop_if_asked() const {
    if (!stop_.stop_requested()) return;
    throw Error(ErrorCode::Cancelled,
                fmt::format("The comparison of copies in {} was cancelled.", path_text(folder_)),
                "Nothing was lost; it is made again by itself.");
  }

  Storage& storage_;
  const std::filesystem::path& folder_;
  const std::stop_token& stop_;
  std::set<std::filesystem::path> here_;
  std::optional<StoredEntry::Kind> in_its_place_;  // of what has the subfolder's name
  std::map<std::string, FileFacts> facts_;
};

}  // namespace

ComparedCopies set_aside_copies(Storage& storage, const std::filesystem::path& folder,
                                std::span<const ConflictCopy> copies, const std::stop_token& stop) {
  ComparedCopies outcome;
  Comparison comparison(storage, folder, stop);
  for (const ConflictCopy& each : copies) {
    try {
      auto compared = comparison.compare(each);
      if (!compared) continue;
      outcome.compared.push_back(std::move(*compared));
      ComparedCopy& known = outcome.compared.back();
      const bool goes_aside = known.is_same && each.if_same == ConflictCopy::IfSame::IsSetAside;
      if (goes_aside) comparison.set_aside(known);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::Cancelled) throw;
      if (!outcome.failure) outcome.failure = error;
    }
  }
  return outcome;
}

}  // namespace holdfast
