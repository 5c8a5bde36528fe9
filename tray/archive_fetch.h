#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "common/error.h"
#include "tray/inbox.h"

namespace holdfast {

// Brings an archive that is only in the cloud onto this disk, with the user's rights: the service
// has none to. One at a time, on a thread of its own. start(), stop() and take_news() belong to one
// thread, the window's.
class ArchiveFetch {
 public:
  ArchiveFetch() = default;
  ArchiveFetch(const ArchiveFetch&) = delete;
  ArchiveFetch& operator=(const ArchiveFetch&) = delete;
  ~ArchiveFetch() { stop(); }

  struct News {
    std::uint64_t done_bytes = 0;
    std::uint64_t total_bytes = 0;  // 0 where it is not known
    bool has_ended = false;
    std::optional<Error> failure;  // of one that has ended
  };

  // `on_news` is called on the fetch's own thread when take_news() has some, and may be once more
  // when this is gone: it holds what it needs. Nothing is told of what was fetched before.
  void start(const std::string& archive, std::chrono::milliseconds patience,
             std::function<void()> on_news);
  // Returns at once. Nothing is told any more.
  void stop();
  // The last there is.
  std::optional<News> take_news();

 private:
  struct Told {
    std::uint64_t fetch = 0;
    News news;
  };

  std::uint64_t fetch_ = 0;  // the number of the one under way
  // Of this and of the threads, which nobody waits for: a read may hang in the system.
  std::shared_ptr<Inbox<Told>> told_ = std::make_shared<Inbox<Told>>();
  std::stop_source stop_;
};

}  // namespace holdfast
