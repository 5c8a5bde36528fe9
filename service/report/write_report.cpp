#include "service/report/write_report.h"

#include <memory>
#include <span>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "common/error.h"
#include "common/path_text.h"
#include "service/report/report_page.h"

namespace holdfast {
namespace {

namespace fs = std::filesystem;

std::string beginning_of(const StoredFile& file, std::size_t bytes) {
  std::string text(bytes, '\0');
  text.resize(file.read_at(0, std::as_writable_bytes(std::span(text))));
  return text;
}

Error not_replaced(const fs::path& file, const std::string& why, std::string action) {
  return {ErrorCode::AlreadyExists,
          fmt::format("The report was not written: {} {}.", path_text(file), why),
          std::move(action)};
}

// Whether there is something that the report may replace.
bool may_replace(Storage& storage, const fs::path& file, Replaces replaces) {
  std::error_code unknown;
  const fs::file_status status = fs::status(file, unknown);
  if (!fs::exists(status)) return false;
  if (!fs::is_regular_file(status)) {
    throw not_replaced(file, "is no file", "Choose another name.");
  }
  if (replaces == Replaces::AnyFile) return true;
  if (beginning_of(*storage.open(file), kReportMark.size()) == kReportMark) return true;
  throw not_replaced(file, "is there, and no report made by Holdfast",
                     "Choose another name, or add --overwrite.");
}

// A file under a name that nothing else has, which is gone again unless it was taken over.
class NewFile {
 public:
  NewFile(Storage& storage, const fs::path& wanted) : storage_(storage) {
    constexpr int kMostLeftOvers = 100;
    for (int number = 1;; ++number) {
      path_ = wanted;
      path_ += number == 1 ? std::string(".tmp") : fmt::format(".{}.tmp", number);
      try {
        file_ = storage.create(path_);
        return;
      } catch (const Error& error) {
        if (error.code() != ErrorCode::AlreadyExists || number == kMostLeftOvers) throw;
      }
    }
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    file_.reset();
    std::error_code ignored;
    if (!path_.empty()) fs::remove(path_, ignored);
  }

  void write(std::string_view page) {
    file_->write_at(0, std::as_bytes(std::span(page)));
    file_->flush();
    file_.reset();
    if (beginning_of(*storage_.open(path_), page.size() + 1) == page) return;
    throw Error(
        ErrorCode::SystemCallFailed,
        fmt::format("What was written to {} is not what is read from it.", path_text(path_)),
        "Check the disk, and choose another folder.");
  }
  void take_the_name(const fs::path& file, bool replaces) {
    if (replaces) {
      storage_.replace(path_, file);
    } else {
      storage_.rename(path_, file);
    }
    path_.clear();
  }

 private:
  Storage& storage_;
  fs::path path_;
  std::unique_ptr<StoredFile> file_;
};

}  // namespace

void write_report(Storage& storage, const fs::path& file, std::string_view page,
                  Replaces replaces) {
  const bool replaces_something = may_replace(storage, file, replaces);
  const fs::path folder = file.parent_path();
  if (!folder.empty()) storage.create_folders(folder);
  NewFile next(storage, file);
  next.write(page);
  next.take_the_name(file, replaces_something);
  storage.flush_folder(folder.empty() ? fs::path(".") : folder);
}

}  // namespace holdfast
