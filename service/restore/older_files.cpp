#include "service/restore/older_files.h"

#include <array>
#include <cstdint>
#include <set>
#include <span>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "common/path_text.h"
#include "common/text.h"
#include "service/archive/archive_error.h"
#include "service/archive/archive_limits.h"
#include "service/archive/content_hash.h"
#include "service/archive/entry_name.h"
#include "service/archive/older_zip.h"

namespace holdfast {
namespace {

// A folder of an older system has far fewer levels; without a bound a hostile one has no end.
constexpr int kMaxLevels = 16;
constexpr std::array<std::string_view, 2> kTakenIn{"-wal", "-journal"};

// Files that stand as such on the disk.
class LooseFiles : public OlderFiles {
 public:
  std::string copy(std::size_t file, StoredFile& to, const OnBytes& on_bytes) const override {
    const std::unique_ptr<StoredFile> from = storage_.open(places_.at(file));
    std::uint64_t left = files_.at(file).size;
    std::string hash = copy_file_content(*from, to, [&](std::size_t bytes) {
      if (bytes > left) throw changed(file);
      left -= bytes;
      on_bytes(bytes);
    });
    if (left != 0) throw changed(file);
    return hash;
  }

 protected:
  LooseFiles(Storage& storage, std::string archive)
      : storage_(storage), archive_(std::move(archive)) {}

  void add(std::string name, std::uint64_t size, std::filesystem::path place) {
    if (files_.size() == kMaxArchiveEntries)
      throw invalid_archive(archive_, "it has too many files");
    files_.push_back({.name = std::move(name), .size = size});
    places_.push_back(std::move(place));
  }

  Storage& storage_;
  const std::string archive_;

 private:
  Error changed(std::size_t file) const {
    return {ErrorCode::SourceChanged,
            fmt::format("{} in {} was changed while it was read.", one_line(files_.at(file).name),
                        one_line(archive_)),
            "Try again when nothing writes there."};
  }

  std::vector<std::filesystem::path> places_;
};

// A database's copy, and what somebody who opened it has left beside it.
class DatabaseCopy final : public LooseFiles {
 public:
  DatabaseCopy(Storage& storage, const std::filesystem::path& copy, const std::string& name)
      : LooseFiles(storage, path_text(copy.filename())) {
    add(name, storage.open(copy)->size(), copy);
    for (const std::string_view end : kTakenIn) {
      std::filesystem::path beside = copy;
      beside += text_path(end);
      std::error_code unknown;
      if (!std::filesystem::is_regular_file(beside, unknown)) continue;
      add(name + std::string(end), storage.open(beside)->size(), beside);
    }
  }
};

class Folder final : public LooseFiles {
 public:
  Folder(Storage& storage, const std::filesystem::path& folder)
      : LooseFiles(storage, path_text(folder.filename())) {
    look_through(folder, "", 1);
  }

 private:
  void look_through(const std::filesystem::path& folder, const std::string& before, int level) {
    if (level > kMaxLevels) throw invalid_archive(archive_, "its folders have too many levels");
    for (const StoredEntry& entry : storage_.list(folder)) {
      const std::string name = before + path_text(entry.name);
      const std::filesystem::path place = folder / entry.name;
      if (entry.kind == StoredEntry::Kind::Folder) {
        look_through(place, name + '/', level + 1);
      } else if (entry.kind == StoredEntry::Kind::File) {
        add(name, entry.size, place);
      } else {
        throw invalid_archive(archive_, fmt::format("{} in it is a link", one_line(name)));
      }
    }
  }
};

class ZippedFiles final : public OlderFiles {
 public:
  ZippedFiles(Storage& storage, const std::filesystem::path& archive) : zip_(storage, archive) {
    for (const OlderZip::Entry& entry : zip_.entries()) {
      files_.push_back({.name = entry.name, .size = entry.size});
    }
  }

  std::string copy(std::size_t file, StoredFile& to, const OnBytes& on_bytes) const override {
    ContentHash hash;
    std::uint64_t place = 0;
    zip_.read(file, [&](std::span<const std::byte> piece) {
      hash.add(piece);
      to.write_at(place, piece);
      place += piece.size();
      on_bytes(piece.size());
    });
    to.flush();
    return hash.digits();
  }

 private:
  const OlderZip zip_;
};

// Two names that are one file on Windows, or a name that leads elsewhere, are refused.
void check_names(const std::string& archive, const std::vector<OlderFiles::File>& files) {
  std::set<std::string> names;
  for (const OlderFiles::File& file : files) {
    if (const auto fault = entry_name_fault(file.name)) {
      throw invalid_archive(archive, fmt::format("the name {} {}", one_line(file.name), *fault));
    }
    if (is_in_stage(file.name)) {
      throw invalid_archive(
          archive, fmt::format("{} would lie among what a restore keeps", one_line(file.name)));
    }
    if (!names.insert(folded_name(file.name)).second) {
      throw invalid_archive(archive, fmt::format("it has {} twice", one_line(file.name)));
    }
  }
}

std::unique_ptr<OlderFiles> opened(Storage& storage, const std::filesystem::path& archive,
                                   ArchiveFormat format, const std::string& database_name) {
  if (format == ArchiveFormat::LegacyZip) return std::make_unique<ZippedFiles>(storage, archive);
  if (format == ArchiveFormat::LegacyFolder) return std::make_unique<Folder>(storage, archive);
  return std::make_unique<DatabaseCopy>(storage, archive, database_name);
}

}  // namespace

std::unique_ptr<OlderFiles> open_older_files(Storage& storage, const std::filesystem::path& archive,
                                             const OlderName& name,
                                             const std::string& database_name) {
  const std::string file_name = path_text(archive.filename());
  if (name.is_encrypted) {
    throw Error(ErrorCode::ArchiveInvalid,
                fmt::format("The archive {} is encrypted, and only the application that made it "
                            "can open it.",
                            one_line(file_name)),
                "Restore it with that application, or choose another archive.");
  }
  std::unique_ptr<OlderFiles> files = opened(storage, archive, name.format, database_name);
  check_names(file_name, files->files());
  return files;
}

}  // namespace holdfast
