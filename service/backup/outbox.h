#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "common/error.h"
#include "service/platform/storage.h"

namespace holdfast {

// The outbox of a dataset: a folder on this computer, in which whole and verified archives wait for
// a destination that cannot be reached.

constexpr std::size_t kMostInOutbox = 3;
constexpr std::uint64_t kMostOutboxBytes = std::uint64_t{8} << 30U;
// A destination that is away must not fill the disk that everything else is on.
constexpr std::uint64_t kOutboxLeavesFree = std::uint64_t{2} << 30U;

// The archives in it, the oldest first; none when there is no such folder.
std::vector<StoredEntry> outbox_content(Storage& storage, const std::filesystem::path& outbox);

// Makes the folder. Throws Error: DiskFull when there is no room for one more archive of about that
// size, and what the storage throws.
void expect_room_in_outbox(Storage& storage, const std::filesystem::path& outbox,
                           std::uint64_t bytes);
// The oldest go, as long as there are too many or too large ones, but for the newest. What cannot
// be removed now goes the next time. Throws what listing the folder throws.
void thin_outbox(Storage& storage, const std::filesystem::path& outbox);

struct Delivery {
  std::vector<std::string> delivered;  // their file names in the destination
  std::optional<Error> failure;        // the first; what it kept waits on
};

// Brings each archive to the destination, the oldest first, and takes it away here only once it was
// read back there and is the same. Replaces nothing: one whose name is taken gets the next free
// one.
Delivery deliver_outbox(Storage& storage, const std::filesystem::path& outbox,
                        const std::filesystem::path& destination, const std::stop_token& stop);

}  // namespace holdfast
