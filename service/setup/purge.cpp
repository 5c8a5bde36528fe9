#include "service/setup/purge.h"

#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "common/error.h"
#include "common/path_text.h"
#include "service/archive/entry_name.h"
#include "service/platform/storage.h"

namespace holdfast {
namespace {

class Purge {
 public:
  // True when nothing is left of the folder.
  bool remove_folder(const std::filesystem::path& folder) {
    bool is_empty = true;
    for (const StoredEntry& entry : storage_.list(folder)) {
      const std::filesystem::path path = folder / entry.name;
      const bool is_gone = entry.kind == StoredEntry::Kind::Folder ? remove_folder(path)
                           : is_archive(entry)                     ? false
                                                                   : remove(path);
      is_empty = is_empty && is_gone;
    }
    return is_empty && remove(folder);
  }

  void tell() const {
    if (failure_) throw Error(*failure_);
  }

 private:
  static bool is_archive(const StoredEntry& entry) {
    return entry.kind == StoredEntry::Kind::File &&
           folded_name(path_text(entry.name)).ends_with(".zip");
  }

  bool remove(const std::filesystem::path& path) {
    std::error_code code;
    std::filesystem::remove(path, code);
    if (code && !failure_) {
      failure_ = Error(ErrorCode::SystemCallFailed,
                       fmt::format("Cannot remove {}: {}.", path_text(path), code.message()),
                       "Close what uses it, and remove it by hand.");
    }
    return !code;
  }

  DiskStorage storage_;
  std::optional<Error> failure_;
};

}  // namespace

void purge(const std::filesystem::path& folder) {
  if (!std::filesystem::exists(folder)) return;
  Purge purge;
  purge.remove_folder(folder);
  purge.tell();
}

}  // namespace holdfast
