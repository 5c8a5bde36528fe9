#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <nlohmann/json_fwd.hpp>

#include "tray/archive_fetch.h"
#include "tray/service_calls.h"

namespace holdfast {

// Asks the service what restoring an archive would change. One that is only in the cloud the
// service cannot read: then it is fetched here, with the user's rights, and the service is asked
// again until it has noticed. Used by the window's thread only, and never waits.
class PreviewReader {
 public:
  struct Told {
    std::function<void(const nlohmann::json& preview)> preview;
    std::function<void(const std::string& words, std::optional<int> percent)> fetching;
    std::function<void(const Error& failure)> failure;
    // ask_again() is to be called so much later.
    std::function<void(std::chrono::milliseconds)> wait;
  };

  PreviewReader(ServiceCalls& calls, Told told) : calls_(calls), told_(std::move(told)) {}
  PreviewReader(const PreviewReader&) = delete;
  PreviewReader& operator=(const PreviewReader&) = delete;
  ~PreviewReader() { stop(); }

  // `on_news` is called on another thread when take_news() has something to do.
  void read(const std::string& dataset, const std::string& archive, std::function<void()> on_news);
  // Nothing is told any more, and a fetch ends.
  void stop();
  void take_news();
  void ask_again();

 private:
  void ask();
  void take(const CallOutcome& outcome,
            const std::function<void(const nlohmann::json&)>& use) const;
  void take_failure(const Error& failure);
  void look_for_archive(std::size_t offset);

  ServiceCalls& calls_;
  Told told_;
  std::string dataset_;
  std::string archive_;
  std::function<void()> on_news_;
  ArchiveFetch fetch_;
  bool is_fetched_ = false;
  int asked_ = 0;  // since it is
};

}  // namespace holdfast
