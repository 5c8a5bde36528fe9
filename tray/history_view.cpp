#include "tray/history_view.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <compare>
#include <numeric>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/text.h"
#include "tray/line_text.h"

namespace holdfast {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxBytes = 1000;  // of any text from outside

constexpr std::array<std::string_view, kHistoryColumns> kTitles{
    "Time", "Status", "Size", "Records", "Reason", "Computer", "Proven restorable", "Cloud"};

std::string text(const json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? std::string()
                               : one_line(found->get_ref<const std::string&>(), kMaxBytes);
}

std::optional<Time> time(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return std::nullopt;
  return time_from(found->get_ref<const std::string&>());
}

std::string counts_text(const json& archive) {
  std::string words;
  for (const auto& [name, count] : archive.at("counts").items()) {
    words += (words.empty() ? "" : ", ") + grouped(count.get<std::int64_t>()) + " " +
             one_line(name, kMaxBytes);
  }
  return words;
}

struct ArchiveWords {
  RowMark mark;
  std::string status;
  std::string detail;
};

ArchiveWords copy_words(const json& archive) {
  const std::string of = text(archive, "conflict_of");
  const auto same = archive.find("same_content");
  if (same == archive.end()) {
    return {RowMark::Attention, "Copy by OneDrive",
            "OneDrive made this copy of " + of + "; they were not compared."};
  }
  if (same->get<bool>()) {
    return {RowMark::Attention, "Copy by OneDrive, the same",
            "OneDrive made this copy of " + of + "; both are the same."};
  }
  return {RowMark::Attention, "Copy by OneDrive, differs",
          "OneDrive made this copy of " + of + "; they are not the same."};
}

ArchiveWords archive_words(const json& archive) {
  const std::string check = text(archive, "check");
  if (check == "broken") return {RowMark::Bad, "Damaged", text(archive, "fault")};
  if (archive.contains("conflict_of")) return copy_words(archive);
  const bool is_safety = text(archive, "kind") == "safety";
  const auto words = [is_safety](const char* plain, const char* of_safety) {
    return is_safety ? std::string("Safety backup, ") + of_safety : std::string(plain);
  };
  if (check == "verified") return {RowMark::Good, words("Verified", "verified"), ""};
  if (const std::string fault = text(archive, "fault"); !fault.empty()) {
    return {RowMark::Unchecked, words("Not readable now", "not readable now"), fault};
  }
  if (text(archive, "format") != "holdfast") {
    return {RowMark::Unchecked, "Of an older system, not checked", ""};
  }
  return {RowMark::Unchecked, words("Not checked yet", "not checked yet"), ""};
}

HistoryRow archive_row(const json& archive) {
  ArchiveWords words = archive_words(archive);
  HistoryRow row{.archive = archive.at("archive").get<std::string>(),
                 .destination = archive.at("destination").get<std::string>(),
                 .at = time_from(archive.at("taken_at").get_ref<const std::string&>()),
                 .mark = words.mark,
                 .status = std::move(words.status),
                 .bytes = archive.at("bytes").get<std::uint64_t>(),
                 .counts = counts_text(archive),
                 .reason = capitalized(text(archive, "reason")),
                 .host = text(archive, "host"),
                 .drilled_at = time(archive, "drilled_at"),
                 .cloud = text(archive, "cloud"),
                 .cloud_at = time(archive, "cloud_since"),
                 .detail = std::move(words.detail)};
  if (const auto confirmed = time(archive, "cloud_confirmed_at")) row.cloud_at = confirmed;
  if (row.detail.empty()) row.detail = text(archive, "cloud_reason");
  row.key = "archive " + row.destination + " " + row.archive;
  row.can_be_restored = row.mark != RowMark::Bad;
  return row;
}

struct RunWords {
  RowMark mark = RowMark::Good;
  std::string status;  // empty: there is no row
  bool is_of_weight = true;
};

RunWords backup_words(std::string_view outcome) {
  if (outcome == "failed") return {RowMark::Bad, "Backup failed"};
  if (outcome == "interrupted") return {RowMark::Attention, "Backup was interrupted"};
  if (outcome == "cancelled") return {RowMark::Unchecked, "Backup cancelled", false};
  if (outcome == "unchanged") return {RowMark::Good, "Nothing had changed", false};
  return {};
}

RunWords restore_words(std::string_view outcome, bool is_undo) {
  if (outcome == "verified") return {RowMark::Good, is_undo ? "Restore taken back" : "Restored"};
  if (outcome == "failed") return {RowMark::Bad, "Restore failed"};
  if (outcome == "interrupted") return {RowMark::Attention, "Restore was interrupted"};
  if (outcome == "cancelled") return {RowMark::Unchecked, "Restore cancelled", false};
  return {};
}

RunWords drill_words(std::string_view outcome) {
  if (outcome == "failed") return {RowMark::Bad, "Test restore failed"};
  if (outcome == "verified") return {RowMark::Good, "Test restore passed", false};
  if (outcome == "cancelled" || outcome == "interrupted") {
    return {RowMark::Unchecked, "Test restore broken off", false};
  }
  return {};
}

RunWords run_words(const json& run) {
  const std::string kind = text(run, "kind");
  const std::string outcome = text(run, "outcome");
  if (kind == "restore") return restore_words(outcome, text(run, "cause") == "undo");
  if (kind == "drill") return drill_words(outcome);
  return backup_words(outcome);
}

std::string run_detail(const json& run) {
  const std::string sentence = text(run, "sentence");
  const std::string source = text(run, "source");
  if (source.empty()) return sentence;
  std::string words = "From " + source + ".";
  if (const std::string before = text(run, "archive"); !before.empty()) {
    words += " What was there before: " + before + ".";
  }
  return sentence.empty() ? words : sentence + " " + words;
}

template <typename Value>
std::strong_ordering order_of(const std::optional<Value>& one, const std::optional<Value>& other) {
  if (one && other) return *one <=> *other;
  return one.has_value() <=> other.has_value();
}

std::strong_ordering order_of(const HistoryRow& one, const HistoryRow& other,
                              HistoryColumn column) {
  switch (column) {
    case HistoryColumn::Status: return one.status <=> other.status;
    case HistoryColumn::Size: return order_of(one.bytes, other.bytes);
    case HistoryColumn::Counts: return one.counts <=> other.counts;
    case HistoryColumn::Reason: return one.reason <=> other.reason;
    case HistoryColumn::Computer: return one.host <=> other.host;
    case HistoryColumn::Proven: return order_of(one.drilled_at, other.drilled_at);
    case HistoryColumn::Cloud:
      return one.cloud == other.cloud ? order_of(one.cloud_at, other.cloud_at)
                                      : one.cloud <=> other.cloud;
    case HistoryColumn::TakenAt: break;
  }
  return one.at <=> other.at;
}

std::string cloud_text(const HistoryRow& row, const TimeWords& words) {
  if (row.cloud.empty()) return "";
  const std::string when = row.cloud_at ? words(*row.cloud_at) : "";
  if (row.cloud == "uploaded") return when.empty() ? "Uploaded" : "Uploaded " + when;
  if (row.cloud == "waiting") return when.empty() ? "Waiting" : "Waiting since " + when;
  if (row.cloud == "error") return "Not sent: error";
  if (row.cloud == "excluded") return "Left out by OneDrive";
  return row.cloud == "not-applicable" ? "" : "Unknown";
}

}  // namespace

std::string_view title(HistoryColumn column) {
  return kTitles.at(static_cast<std::size_t>(column));
}

std::vector<HistoryRow> archive_rows(const json& archive_list) {
  std::vector<HistoryRow> rows;
  for (const json& archive : archive_list.at("archives")) rows.push_back(archive_row(archive));
  return rows;
}

std::vector<HistoryRow> run_rows(const json& history, RunsShown shown) {
  std::vector<HistoryRow> rows;
  for (const json& run : history.at("runs")) {
    RunWords words = run_words(run);
    if (words.status.empty()) continue;
    if (!words.is_of_weight && shown == RunsShown::WhatMatters) continue;
    const std::string reason = text(run, "reason");
    rows.push_back({.key = "run " + std::to_string(run.at("id").get<std::int64_t>()),
                    .at = time_from(run.at("started_at").get_ref<const std::string&>()),
                    .mark = words.mark,
                    .status = std::move(words.status),
                    .reason = capitalized(reason.empty() ? text(run, "cause") : reason),
                    .detail = run_detail(run)});
  }
  return rows;
}

std::string cell_text(const HistoryRow& row, HistoryColumn column, const TimeWords& words) {
  switch (column) {
    case HistoryColumn::TakenAt: return words(row.at);
    case HistoryColumn::Status: return row.status;
    case HistoryColumn::Size: return row.bytes ? size_text(*row.bytes) : "";
    case HistoryColumn::Counts: return row.counts;
    case HistoryColumn::Reason: return row.reason;
    case HistoryColumn::Computer: return row.host;
    case HistoryColumn::Proven: return row.drilled_at ? words(*row.drilled_at) : "";
    case HistoryColumn::Cloud: break;
  }
  return cloud_text(row, words);
}

HistoryRow usual_row() {
  using namespace std::chrono_literals;
  const Time late_in_the_year = std::chrono::sys_days(2026y / 12 / 28) + 22h + 58min;
  return {.at = late_in_the_year,
          .status = "Safety backup, verified",
          .bytes = 888'800'000,
          .counts = "88,888 patients",
          .reason = "Before the update",
          .host = "RECEPTION-2",
          .drilled_at = late_in_the_year,
          .cloud = "uploaded",
          .cloud_at = late_in_the_year};
}

HistoryOrder HistoryOrder::after_click(HistoryColumn clicked) const {
  if (clicked == column) return {.column = column, .is_descending = !is_descending};
  const bool is_newest_or_largest_first =
      clicked == HistoryColumn::TakenAt || clicked == HistoryColumn::Size ||
      clicked == HistoryColumn::Proven || clicked == HistoryColumn::Cloud;
  return {.column = clicked, .is_descending = is_newest_or_largest_first};
}

// Rows are large: each is moved once.
void sort(std::vector<HistoryRow>& rows, HistoryOrder order) {
  std::vector<std::size_t> places(rows.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  std::ranges::stable_sort(places, [&rows, order](std::size_t first, std::size_t second) {
    const HistoryRow& one = rows[first];
    const HistoryRow& other = rows[second];
    const auto difference = order_of(one, other, order.column);
    // Among equals the newest comes first, whichever way round.
    if (difference == std::strong_ordering::equal) return one.at > other.at;
    return order.is_descending ? difference > 0 : difference < 0;
  });
  std::vector<HistoryRow> sorted;
  sorted.reserve(rows.size());
  for (const std::size_t place : places) sorted.push_back(std::move(rows[place]));
  rows = std::move(sorted);
}

std::string detail_text(const HistoryRow& row) {
  if (row.archive.empty()) return row.detail;
  return row.detail.empty() ? row.archive : row.archive + ": " + row.detail;
}

const HistoryRow* newest_to_restore(const std::vector<HistoryRow>& rows) {
  const HistoryRow* newest = nullptr;
  for (const HistoryRow& row : rows) {
    const bool is_candidate = row.is_archive() && row.mark == RowMark::Good;
    if (is_candidate && (newest == nullptr || row.at > newest->at)) newest = &row;
  }
  return newest;
}

}  // namespace holdfast
