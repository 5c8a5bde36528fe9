#include "service/archive/blocks_ahead.h"

#include <algorithm>
#include <utility>

#include <isa-l/crc.h>

#include "service/platform/work_priority.h"

namespace holdfast {
namespace {

// Each holds some MiB.
constexpr unsigned kMostWorkers = 8;

void inflate(const ArchiveReader& archive, InflatedBlock& block,
             std::vector<std::byte>& deflated) noexcept {
  try {
    archive.content(block.entry).read_block(block.block, deflated, block.content);
    block.crc32 = crc32_gzip_refl(0, reinterpret_cast<const unsigned char*>(block.content.data()),
                                  block.content.size());
  } catch (...) {
    block.content.clear();
    block.failure = std::current_exception();
  }
}

}  // namespace

BlocksAhead::BlocksAhead(const ArchiveReader& archive, std::size_t first_entry,
                         std::size_t entry_count)
    : archive_(archive), end_entry_(first_entry + entry_count), cursor_{.entry = first_entry} {
  for (std::size_t i = first_entry; i < end_entry_; ++i) {
    total_ += archive.entries().at(i).block_offsets.size();
  }
  const std::size_t cores = std::clamp(std::thread::hardware_concurrency(), 1U, kMostWorkers);
  window_ = 2 * cores;
  // The owner is one of them, as long as it waits.
  for (std::size_t i = 1; i < std::min(cores, total_); ++i) {
    workers_.emplace_back([this, priority = thread_priority()] {
      set_thread_priority(priority);
      work();
    });
  }
}

BlocksAhead::~BlocksAhead() {
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
  }
  room_.notify_all();
}

std::optional<InflatedBlock> BlocksAhead::next() {
  std::unique_lock lock(mutex_);
  if (given_ == total_) return std::nullopt;
  while (!waiting_.contains(given_)) {
    if (can_take()) {
      inflate_one(lock, deflated_);
    } else {
      ready_.wait(lock);
    }
  }
  auto oldest = waiting_.extract(given_++);
  lock.unlock();
  room_.notify_one();
  return std::move(oldest.mapped());
}

void BlocksAhead::recycle(InflatedBlock block) {
  const std::scoped_lock lock(mutex_);
  spare_.push_back(std::move(block.content));
}

void BlocksAhead::work() noexcept {
  std::vector<std::byte> deflated;
  std::unique_lock lock(mutex_);
  while (true) {
    room_.wait(lock, [this] { return closing_ || taken_ == total_ || can_take(); });
    if (closing_ || taken_ == total_) return;
    inflate_one(lock, deflated);
    ready_.notify_one();
  }
}

bool BlocksAhead::can_take() const {
  return taken_ < total_ && taken_ < given_ + window_;
}

// Without the lock meanwhile.
void BlocksAhead::inflate_one(std::unique_lock<std::mutex>& lock,
                              std::vector<std::byte>& deflated) {
  InflatedBlock block{.entry = cursor_.entry, .block = cursor_.block++};
  if (cursor_.block == archive_.entries()[cursor_.entry].block_offsets.size()) {
    ++cursor_.entry;
    cursor_.block = 0;
  }
  if (!spare_.empty()) {
    block.content = std::move(spare_.back());
    spare_.pop_back();
  }
  const std::size_t number = taken_++;
  lock.unlock();
  inflate(archive_, block, deflated);
  lock.lock();
  waiting_.emplace(number, std::move(block));
}

}  // namespace holdfast
