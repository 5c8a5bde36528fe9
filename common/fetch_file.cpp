#include "common/fetch_file.h"

#include <algorithm>
#include <condition_variable>
#include <fstream>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "common/error.h"
#include "common/path_text.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;
// How soon a request to stop is heeded.
constexpr auto kLook = 100ms;

constexpr const char* kWhatToDo =
    "See that OneDrive runs, is signed in and has a connection, and try again.";

// What the reading thread tells. It may outlive the call, so both share this; the mutex guards all
// of it.
struct Reading {
  std::mutex mutex;
  std::condition_variable changed;
  std::uint64_t done_bytes = 0;
  bool has_ended = false;
  bool has_failed = false;
  bool is_given_up = false;
};

// Whether it is to go on.
bool tell(Reading& reading, std::size_t bytes) {
  const std::scoped_lock lock(reading.mutex);
  reading.done_bytes += bytes;
  reading.changed.notify_all();
  return !reading.is_given_up;
}

void read_all(std::ifstream file, Reading& reading) noexcept {
  bool has_failed = true;
  try {
    std::vector<char> piece(kPieceBytes);
    while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) ||
           file.gcount() != 0) {
      if (!tell(reading, static_cast<std::size_t>(file.gcount()))) return;
    }
    has_failed = !file.eof();
  } catch (const std::exception&) {  // no memory: it has failed
  }
  const std::scoped_lock lock(reading.mutex);
  reading.has_ended = true;
  reading.has_failed = has_failed;
  reading.changed.notify_all();
}

Error not_fetched(ErrorCode code, const std::filesystem::path& file, const std::string& why,
                  const char* action) {
  return {code, fmt::format("Cannot fetch {} from the cloud: {}.", path_text(file), why), action};
}

void end_if_asked(const std::stop_token& stop) {
  if (!stop.stop_requested()) return;
  throw Error(ErrorCode::Cancelled, "Fetching the archive was cancelled.", "Nothing was changed.");
}

std::ifstream opened(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (stream) return stream;
  std::error_code unknown;
  if (!std::filesystem::exists(file, unknown)) {
    throw not_fetched(ErrorCode::NotFound, file, "there is no such file for you",
                      "It may lie in the folder of another user.");
  }
  throw not_fetched(ErrorCode::SystemCallFailed, file, "it cannot be opened", kWhatToDo);
}

}  // namespace

void fetch_file(const std::filesystem::path& file, const OnFetched& on_progress,
                std::chrono::milliseconds patience, const std::stop_token& stop) {
  end_if_asked(stop);
  std::error_code unknown;
  const std::uint64_t size = std::filesystem::file_size(file, unknown);
  const auto reading = std::make_shared<Reading>();
  std::thread([stream = opened(file), reading]() mutable {
    read_all(std::move(stream), *reading);
  }).detach();

  std::unique_lock lock(reading->mutex);
  std::uint64_t told = 0;
  auto last_news = std::chrono::steady_clock::now();
  while (!reading->has_ended) {
    reading->changed.wait_for(lock, kLook);
    const auto now = std::chrono::steady_clock::now();
    if (reading->done_bytes != told) {
      told = reading->done_bytes;
      last_news = now;
      on_progress(told, unknown ? 0 : std::max(size, told));
    }
    reading->is_given_up = stop.stop_requested() || now - last_news > patience;
    if (!reading->is_given_up || reading->has_ended) continue;
    end_if_asked(stop);
    throw not_fetched(ErrorCode::TimedOut, file, "nothing more came for a while", kWhatToDo);
  }
  if (reading->has_failed) {
    throw not_fetched(ErrorCode::SystemCallFailed, file, "it cannot be read to its end", kWhatToDo);
  }
}

}  // namespace holdfast
