#include "tray/archive_fetch.h"

#include <thread>
#include <utility>

#include "common/fetch_file.h"
#include "common/path_text.h"

namespace holdfast {

void ArchiveFetch::start(const std::string& archive, std::chrono::milliseconds patience,
                         std::function<void()> on_news) {
  stop();
  stop_ = std::stop_source();
  std::thread([told = told_, number = fetch_, archive, patience, on_news = std::move(on_news),
               stop = stop_.get_token()] {
    const auto tell = [&](News news) {
      told->put({.fetch = number, .news = std::move(news)});
      on_news();
    };
    try {
      fetch_file(
          text_path(archive),
          [&tell](std::uint64_t done, std::uint64_t total) {
            tell({.done_bytes = done, .total_bytes = total});
          },
          patience, stop);
      tell({.has_ended = true});
    } catch (const Error& failure) {
      tell({.has_ended = true, .failure = failure});
    }
  }).detach();
}

void ArchiveFetch::stop() {
  stop_.request_stop();
  ++fetch_;
}

std::optional<ArchiveFetch::News> ArchiveFetch::take_news() {
  std::optional<News> last;
  for (Told& told : told_->take_all()) {
    if (told.fetch == fetch_) last = std::move(told.news);
  }
  return last;
}

}  // namespace holdfast
