#include "service/backup/sqlite_watch.h"

#include <utility>

namespace holdfast {
namespace {

// Between two looks at the clock; some microseconds.
constexpr int kStepsPerLook = 200;
constexpr std::chrono::milliseconds kPause{5};

}  // namespace

SqliteWatch::SqliteWatch(sqlite3* connection, std::function<bool()> must_end)
    : connection_(connection), must_end_(std::move(must_end)) {
  ::sqlite3_progress_handler(connection_, kStepsPerLook, look, this);
}

SqliteWatch::~SqliteWatch() {
  ::sqlite3_progress_handler(connection_, 0, nullptr, nullptr);
}

int SqliteWatch::look(void* self) noexcept {
  auto& watch = *static_cast<SqliteWatch*>(self);
  if (!watch.ended_ && Clock::now() >= watch.next_look_) {
    watch.ended_ = watch.must_end_();
    watch.next_look_ = Clock::now() + kPause;
  }
  return watch.ended_ ? 1 : 0;
}

}  // namespace holdfast
