#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/clock.h"

namespace holdfast {

// What the history shows of a dataset's archives and runs. Pure: facts and words, no windows, no
// clock. What a row shows is made only when it is seen, so that there may be many of them.

// A time as the user's clocks and habits have it.
using TimeWords = std::function<std::string(Time)>;

enum class RowMark { Good, Unchecked, Attention, Bad };

// The values are the order of the columns.
enum class HistoryColumn { TakenAt, Status, Size, Counts, Reason, Computer, Proven, Cloud };
constexpr std::size_t kHistoryColumns = 8;
std::string_view title(HistoryColumn column);

struct HistoryRow {
  std::string key;          // stays the same however often the list is read
  std::string archive;      // its file name; empty for a run that left none
  std::string destination;  // the folder in which it lies
  Time at;
  RowMark mark = RowMark::Good;
  std::string status;
  std::optional<std::uint64_t> bytes;
  std::string counts;
  std::string reason;
  std::string host;
  std::optional<Time> drilled_at;
  std::string cloud;  // the protocol's word
  std::optional<Time> cloud_at;
  std::string detail;  // what there is to say beside all that; a sentence or nothing

  // What can be done with it.
  bool can_be_restored = false;
  bool is_archive() const { return !archive.empty(); }
};

// The answers come from outside: a key that is missing or of another type throws
// nlohmann::json::exception, a time that is none std::invalid_argument.
std::vector<HistoryRow> archive_rows(const nlohmann::json& archive_list);

// Runs that left an archive are its row. Of the others those are shown that something went wrong
// with or was restored by; with `Everything` also those that changed nothing.
enum class RunsShown { WhatMatters, Everything };
std::vector<HistoryRow> run_rows(const nlohmann::json& history, RunsShown shown);

std::string cell_text(const HistoryRow& row, HistoryColumn column, const TimeWords& words);
// A row whose texts are about as long as most are, for columns to be as wide as that.
HistoryRow usual_row();

struct HistoryOrder {
  HistoryColumn column = HistoryColumn::TakenAt;
  bool is_descending = true;
  // A click on a column: turns it round, or begins with what is best to see first.
  HistoryOrder after_click(HistoryColumn clicked) const;
};
void sort(std::vector<HistoryRow>& rows, HistoryOrder order);

// What stands below the list about the row that is selected.
std::string detail_text(const HistoryRow& row);

// Of the rows that can be restored, the newest.
const HistoryRow* newest_to_restore(const std::vector<HistoryRow>& rows);

}  // namespace holdfast
