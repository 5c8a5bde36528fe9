#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "service/archive/block_codec.h"

namespace holdfast {

// Deflates blocks on all cores and gives them back in the order they came. One thread pushes and
// pops; the workers share nothing with it but the queue.
class BlockDeflater {
 public:
  BlockDeflater();
  BlockDeflater(const BlockDeflater&) = delete;
  BlockDeflater& operator=(const BlockDeflater&) = delete;
  ~BlockDeflater();

  // More than this many need not be under way to keep every core busy.
  bool is_full() const { return under_way_.size() >= capacity_; }
  bool is_empty() const { return under_way_.empty(); }

  void push(std::vector<std::byte> content, BlockPlace place);
  // Waits for the oldest block. Throws what deflating it threw.
  std::vector<std::byte> pop();
  // Takes back what was looked at, and gives its room out again: fresh memory for each block would
  // have to be cleared and mapped. Any thread.
  void recycle(std::vector<std::byte> block);
  std::vector<std::byte> empty_block();
  // Forgets what is under way.
  void clear();

 private:
  using Task = std::packaged_task<std::vector<std::byte>()>;

  void work();

  std::size_t capacity_;
  std::deque<std::future<std::vector<std::byte>>> under_way_;
  // Workers take tasks while the owner adds some.
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> tasks_;
  std::vector<std::vector<std::byte>> spare_;
  bool closing_ = false;
  std::vector<std::jthread> workers_;
};

}  // namespace holdfast
