#include "service/backup/sqlite_watch.h"

#include <utility>

namespace holdfast {
namespace {

// Mostly a fraction of a microsecond. But where an integrity check meets large values, a step is a
// page with all that overflows from it: megabytes.
constexpr int kStepsPerLook = 8;

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
  if (!watch.ended_) watch.ended_ = watch.must_end_();
  return watch.ended_ ? 1 : 0;
}

}  // namespace holdfast
