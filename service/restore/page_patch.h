#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "service/platform/sqlite_query.h"
#include "service/restore/content_copy.h"
#include "service/restore/page_difference.h"
#include "service/restore/staged_pages.h"

namespace holdfast {

// Writes only the pages that differ, where can_take_single_pages() says so.
//
// Afterwards the connection may be asked for nothing that reads tables: SQLite does not know that
// pages which it has looked into were written otherwise.
class PagePatch final : public ContentCopy {
 public:
  // Takes the lock. Where `known` tells of all pages which differ, only these are read; it must
  // outlive this, and may be null. Whatever fails is thrown as what `failure` makes of it.
  PagePatch(sqlite3* live, StagedPages staged, const PageDifference* known, SqliteFailure failure);
  PagePatch(const PagePatch&) = delete;
  PagePatch& operator=(const PagePatch&) = delete;
  ~PagePatch() override;

  void write() override;
  const std::vector<WitnessPage>& witnesses() const override { return witnesses_; }
  void commit() override;

 private:
  bool write_all_but_first(std::uint32_t live_count);
  bool write_differing(std::uint32_t live_count);
  bool write_known(std::uint32_t live_count);
  bool replace(SqliteQuery& put, std::uint32_t number, Page before);
  void write_first(std::uint32_t live_count);
  std::int64_t number(const char* sql) const;
  void run(const std::string& sql) const;

  sqlite3* live_;
  StagedPages staged_;
  const PageDifference* known_;
  SqliteFailure failure_;
  std::vector<WitnessPage> witnesses_;
  bool is_committed_ = false;
};

}  // namespace holdfast
