#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "service/archive/archive_reader.h"

namespace holdfast {

struct InflatedBlock {
  std::size_t entry = 0;
  std::size_t block = 0;
  std::vector<std::byte> content;
  std::uint32_t crc32 = 0;     // of the content
  std::exception_ptr failure;  // instead of a content
};

// Inflates the blocks of some entries on all cores and gives them out in their order. Only a few
// are held at any time, however many there are. For one thread; its workers end with it.
class BlocksAhead {
 public:
  // The archive must outlive it.
  BlocksAhead(const ArchiveReader& archive, std::size_t first_entry, std::size_t entry_count);
  BlocksAhead(const BlocksAhead&) = delete;
  BlocksAhead& operator=(const BlocksAhead&) = delete;
  ~BlocksAhead();

  // The next block, or nothing after the last one.
  std::optional<InflatedBlock> next();
  // Takes back a block that was looked at: fresh memory for each costs as much as inflating it.
  void recycle(InflatedBlock block);

 private:
  void work() noexcept;
  bool can_take() const;
  void inflate_one(std::unique_lock<std::mutex>& lock, std::vector<std::byte>& deflated);

  const ArchiveReader& archive_;
  const std::size_t end_entry_;
  std::size_t total_ = 0;
  std::size_t window_ = 0;

  // Workers take blocks and bring them, and so does the owner while the oldest is not there.
  std::mutex mutex_;
  std::condition_variable room_;
  std::condition_variable ready_;
  InflatedBlock cursor_;
  std::size_t taken_ = 0;
  std::size_t given_ = 0;
  bool closing_ = false;
  std::map<std::size_t, InflatedBlock> waiting_;
  std::vector<std::vector<std::byte>> spare_;
  std::vector<std::byte> deflated_;  // the owner's; each worker has its own
  std::vector<std::jthread> workers_;
};

}  // namespace holdfast
