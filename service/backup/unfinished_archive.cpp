#include "service/backup/unfinished_archive.h"

#include <utility>

#include <fmt/format.h>

#include "common/error.h"
#include "common/path_text.h"
#include "common/text.h"

namespace holdfast {
namespace {

// So many archives of one second are nobody's intention.
constexpr int kMostTries = 100;

// The name could lead to another folder.
Error no_dataset_id(const std::string& dataset, const std::filesystem::path& destination) {
  return {ErrorCode::Usage,
          fmt::format("Cannot write an archive to {}: \"{}\" is no dataset's name.",
                      path_text(destination), one_line(dataset, 80)),
          "Use up to 64 small letters, digits and '-'."};
}

}  // namespace

UnfinishedArchive::UnfinishedArchive(Storage& storage, std::filesystem::path destination,
                                     ArchiveName name)
    : storage_(storage), destination_(std::move(destination)), name_(std::move(name)) {
  if (!is_dataset_id(name_.dataset)) throw no_dataset_id(name_.dataset, destination_);
  ArchiveName unfinished = name_;
  while (!file_) {
    path_ = destination_ / text_path(unfinished_name(unfinished));
    try {
      file_ = storage_.create(path_);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::AlreadyExists || ++unfinished.counter > kMostTries) throw;
    }
  }
}

UnfinishedArchive::~UnfinishedArchive() {
  if (published_) return;
  file_.reset();
  try {
    storage_.remove(path_);
  } catch (const Error&) {
    // It does not look like an archive, and the next sweep tries again.
    published_ = false;
  }
}

void UnfinishedArchive::flush() {
  file_->flush();
}

std::filesystem::path UnfinishedArchive::publish() {
  file_.reset();
  for (;;) {
    const std::filesystem::path final_path = destination_ / text_path(archive_file_name(name_));
    try {
      storage_.rename(path_, final_path);
      published_ = true;
      storage_.flush_folder(destination_);
      return final_path;
    } catch (const Error& error) {
      const bool taken = !published_ && error.code() == ErrorCode::AlreadyExists;
      if (!taken || ++name_.counter > kMostTries) throw;
    }
  }
}

}  // namespace holdfast
