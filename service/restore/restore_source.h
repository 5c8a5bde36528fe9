#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>

#include "common/error.h"
#include "service/archive/archive_progress.h"
#include "service/archive/manifest.h"
#include "service/backup/count_query.h"
#include "service/platform/storage.h"
#include "service/restore/staged_image.h"

struct sqlite3;

namespace holdfast {

// What may be restored, open for looking at it. One thread at a time; it must not outlive its
// source.
class SourceContent {
 public:
  SourceContent() = default;
  SourceContent(const SourceContent&) = delete;
  SourceContent& operator=(const SourceContent&) = delete;
  virtual ~SourceContent() = default;

  // With an entry for each file in it.
  virtual const Manifest& manifest() const = 0;
  // The main database, which can only be read. Never null.
  virtual sqlite3* database() const = 0;
  // Why something in the database cannot be read.
  virtual Error failure(int result) const = 0;
  // The numbers that were counted when it was made; where none were, those of these queries that
  // can be counted in it.
  virtual Counts counts(const std::map<std::string, std::string>& queries,
                        const std::function<bool()>& must_end) const = 0;
};

// What was staged of it.
struct StagedFiles {
  Manifest manifest;
  // The main database; nothing where it is among the files.
  std::unique_ptr<StagedImage> image = nullptr;
};

// What is restored: an archive, or what an older system has backed up.
class RestoreSource {
 public:
  RestoreSource() = default;
  RestoreSource(const RestoreSource&) = delete;
  RestoreSource& operator=(const RestoreSource&) = delete;
  virtual ~RestoreSource() = default;

  // The name of its file or folder, and how much that holds.
  virtual const std::string& name() const = 0;
  virtual std::uint64_t bytes() const = 0;
  // What it tells of itself. What is in the backup of an older system is only known once it was
  // unpacked: there are no entries before.
  virtual const Manifest& manifest() const = 0;

  // Whether a side file that is not in it was not there when it was made: then restoring takes away
  // those that are there now.
  virtual bool has_every_side_file() const = 0;

  // Writes all that is in it below the folder, which is made when it is missing and has nothing in
  // it, and compares each byte with whatever there is to compare with. What a failure leaves there
  // is the caller's to remove. Throws Error: ArchiveDamaged for what is not as it was, DiskFull,
  // Cancelled.
  //
  // The main database may be staged as an image instead, for who reads it where it is; what that
  // needs is written to the file `image`. This must outlive it.
  virtual StagedFiles stage(Storage& storage, const std::filesystem::path& folder,
                            const std::filesystem::path& image, const ArchiveProgress& progress,
                            const std::stop_token& stop) const = 0;
  // When it returns, the disk has the main database that was staged, in this file.
  virtual void keep_database(Storage& storage, const std::filesystem::path& staged,
                             const std::stop_token& stop) const = 0;

  // Changes nothing; what an older system has backed up is unpacked aside.
  virtual std::unique_ptr<SourceContent> look_into(Storage& storage,
                                                   const std::stop_token& stop) const = 0;
};

struct RestoreSourceRequest {
  std::filesystem::path archive;   // a file or a folder
  std::filesystem::path database;  // what it would be restored over; its name tells what is meant
  // Where what an older system has backed up is unpacked to be looked at, unless it is the system's
  // folder for temporary files; nothing of it stays.
  std::filesystem::path scratch = {};
};

// Opens what is there by its name: the archives of older systems are told by theirs, all else has
// to be an archive of Holdfast. Throws Error: ArchiveInvalid, also for what is encrypted, and what
// ArchiveReader and the storage throw.
std::unique_ptr<RestoreSource> open_restore_source(Storage& storage,
                                                   const RestoreSourceRequest& request);

}  // namespace holdfast
