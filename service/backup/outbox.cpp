#include "service/backup/outbox.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "common/path_text.h"
#include "common/text.h"
#include "service/archive/archive_error.h"
#include "service/archive/archive_name.h"
#include "service/archive/export_archive.h"
#include "service/archive/file_hash.h"

namespace holdfast {
namespace {

using Archives = std::map<std::pair<Time, int>, StoredEntry>;

Archives archives_in(Storage& storage, const std::filesystem::path& folder) {
  Archives archives;
  for (const StoredEntry& entry : storage.list(folder)) {
    const auto name = parse_archive_name(path_text(entry.name));
    if (!name || entry.kind != StoredEntry::Kind::File) continue;
    archives.emplace(std::pair(name->taken_at, name->counter), entry);
  }
  return archives;
}

class Deliverer {
 public:
  Deliverer(Storage& storage, const std::filesystem::path& outbox,
            const std::filesystem::path& destination, const std::stop_token& stop)
      : storage_(storage), outbox_(outbox), destination_(destination), stop_(stop) {}

  // Its name in the destination.
  std::string deliver(const std::filesystem::path& file_name) {
    const std::filesystem::path archive = outbox_ / file_name;
    try {
      export_archive(archive, destination_, storage_, {}, stop_);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::AlreadyExists) throw;
      if (!was_delivered(file_name)) return deliver(renamed(file_name));
    }
    storage_.remove(archive);
    return path_text(file_name);
  }

 private:
  // By a delivery that was broken off before it could take the archive away here.
  bool was_delivered(const std::filesystem::path& file_name) {
    return hash_of(outbox_ / file_name) == hash_of(destination_ / file_name);
  }

  std::string hash_of(const std::filesystem::path& file) {
    return file_hash(*storage_.open(file), [&](std::size_t) {
      if (stop_.stop_requested()) {
        throw cancelled_archive("deliver", path_text(file.filename()));
      }
    });
  }

  std::filesystem::path renamed(const std::filesystem::path& file_name) {
    ArchiveName name = parse_archive_name(path_text(file_name)).value();
    ++name.counter;
    const std::filesystem::path next = text_path(archive_file_name(name));
    storage_.rename(outbox_ / file_name, outbox_ / next);
    return next;
  }

  Storage& storage_;
  const std::filesystem::path& outbox_;
  const std::filesystem::path& destination_;
  const std::stop_token& stop_;
};

}  // namespace

std::vector<StoredEntry> outbox_content(Storage& storage, const std::filesystem::path& outbox) {
  std::vector<StoredEntry> content;
  try {
    for (const auto& [age, entry] : archives_in(storage, outbox)) content.push_back(entry);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::NotFound) throw;
  }
  return content;
}

void expect_room_in_outbox(Storage& storage, const std::filesystem::path& outbox,
                           std::uint64_t bytes) {
  storage.create_folders(outbox);
  const std::uint64_t free = storage.free_bytes(outbox);
  if (free >= kOutboxLeavesFree && free - kOutboxLeavesFree >= bytes) return;
  throw Error(ErrorCode::DiskFull,
              fmt::format("The backup cannot be kept on this computer meanwhile: {} are free in "
                          "{}.",
                          size_text(free), path_text(outbox)),
              "Free some space there.");
}

void thin_outbox(Storage& storage, const std::filesystem::path& outbox) {
  const std::vector<StoredEntry> waiting = outbox_content(storage, outbox);
  std::uint64_t total = 0;
  for (const StoredEntry& entry : waiting) total += entry.size;
  auto oldest = waiting.begin();
  while (waiting.end() - oldest > 1 &&
         (waiting.end() - oldest > static_cast<std::ptrdiff_t>(kMostInOutbox) ||
          total > kMostOutboxBytes)) {
    total -= oldest->size;
    try {
      storage.remove(outbox / oldest->name);
    } catch (const Error&) {  // the newest is what counts, and that one is there
    }
    ++oldest;
  }
}

Delivery deliver_outbox(Storage& storage, const std::filesystem::path& outbox,
                        const std::filesystem::path& destination, const std::stop_token& stop) {
  Delivery delivery;
  Deliverer deliverer(storage, outbox, destination, stop);
  for (const StoredEntry& entry : outbox_content(storage, outbox)) {
    try {
      delivery.delivered.push_back(deliverer.deliver(entry.name));
    } catch (const Error& error) {
      if (!delivery.failure) delivery.failure = error;
      // Of anything else the others would fail, too.
      const bool is_its_own =
          error.code() == ErrorCode::ArchiveDamaged || error.code() == ErrorCode::ArchiveInvalid;
      if (!is_its_own) break;
    }
  }
  return delivery;
}

}  // namespace holdfast
