#pragma once

#include <cstddef>
#include <vector>

#include "service/restore/restore_stage.h"

namespace holdfast {

// More pages are not needed to tell one database from the other.
constexpr std::size_t kMostWitnesses = 64;

// The content of a staged database on its way into a live one, in a transaction of the live one
// that locks writers out, and in rollback mode everybody. What was not committed when this ends is
// undone.
class ContentCopy {
 public:
  ContentCopy() = default;
  ContentCopy(const ContentCopy&) = delete;
  ContentCopy& operator=(const ContentCopy&) = delete;
  virtual ~ContentCopy() = default;

  // All but what makes it visible.
  virtual void write() = 0;
  // Some of the pages that differ, known when they were written.
  virtual const std::vector<WitnessPage>& witnesses() const = 0;
  // When it returns, the disk has it. After it threw, the disk may have it or not.
  virtual void commit() = 0;
};

}  // namespace holdfast
