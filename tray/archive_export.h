#pragma once

#include <functional>
#include <string>
#include <thread>

namespace holdfast {

// Copies one archive to a folder and verifies the copy, by the program "holdfast export" and with
// the user's rights. One at a time. Without progress for some minutes it is ended.
// Used by the window's thread only; when it goes, so does what is under way.
class ArchiveExport {
 public:
  struct Outcome {
    bool is_good = false;
    bool is_cancelled = false;
    std::string words;  // where the copy is, or why there is none
  };

  // Runs on a thread of its own; `on_end` is called on it, once.
  void start(const std::string& archive, const std::string& folder,
             std::function<void(const Outcome&)> on_end);
  // Returns at once; the end is told as any other.
  void cancel() { thread_.request_stop(); }

 private:
  std::jthread thread_;
};

}  // namespace holdfast
