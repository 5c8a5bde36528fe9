#include "service/archive/block_deflater.h"

#include <algorithm>
#include <utility>

#include "service/platform/work_priority.h"

namespace holdfast {
namespace {

// Each holds some MiB.
constexpr unsigned kMostWorkers = 8;

}  // namespace

BlockDeflater::BlockDeflater() {
  const unsigned cores = std::clamp(std::thread::hardware_concurrency(), 1U, kMostWorkers);
  capacity_ = std::size_t{2} * cores;
  for (unsigned i = 0; i < cores; ++i) {
    workers_.emplace_back([this, priority = thread_priority()] {
      set_thread_priority(priority);
      work();
    });
  }
}

BlockDeflater::~BlockDeflater() {
  clear();
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
  }
  wake_.notify_all();
}

void BlockDeflater::push(std::vector<std::byte> content, BlockPlace place) {
  Task task([this, content = std::move(content), place]() mutable {
    std::vector<std::byte> deflated = empty_block();
    deflate_block(content, place, deflated);
    recycle(std::move(content));
    return deflated;
  });
  under_way_.push_back(task.get_future());
  {
    const std::scoped_lock lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  wake_.notify_one();
}

std::vector<std::byte> BlockDeflater::pop() {
  std::future<std::vector<std::byte>> oldest = std::move(under_way_.front());
  under_way_.pop_front();
  return oldest.get();
}

void BlockDeflater::recycle(std::vector<std::byte> block) {
  block.clear();
  const std::scoped_lock lock(mutex_);
  spare_.push_back(std::move(block));
}

std::vector<std::byte> BlockDeflater::empty_block() {
  const std::scoped_lock lock(mutex_);
  if (spare_.empty()) return {};
  std::vector<std::byte> block = std::move(spare_.back());
  spare_.pop_back();
  return block;
}

void BlockDeflater::clear() {
  {
    const std::scoped_lock lock(mutex_);
    tasks_.clear();
  }
  under_way_.clear();
}

void BlockDeflater::work() {
  for (;;) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return closing_ || !tasks_.empty(); });
    if (closing_) return;
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
  }
}

}  // namespace holdfast
