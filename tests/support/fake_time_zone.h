#pragma once

#include <utility>
#include <vector>

#include "service/platform/time_zone.h"

namespace holdfast {

// Clocks that are set by a table.
class FakeTimeZone final : public TimeZone {
 public:
  struct Change {
    Time at;
    std::chrono::seconds offset;
  };

  // `changes` in the order of their times.
  explicit FakeTimeZone(std::chrono::seconds offset, std::vector<Change> changes = {})
      : offset_(offset), changes_(std::move(changes)) {}

  std::chrono::seconds offset_at(Time instant) const override;

 private:
  std::chrono::seconds offset_;
  std::vector<Change> changes_;
};

// Like these places from 1990 to 2069, by the rules of 2026.
FakeTimeZone berlin();
FakeTimeZone sydney();
FakeTimeZone new_york();
// Puts its clocks forward by half an hour only.
FakeTimeZone lord_howe();
// Had no 30 December 2011.
FakeTimeZone samoa();

}  // namespace holdfast
