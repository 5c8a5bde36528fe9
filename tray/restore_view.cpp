#include "tray/restore_view.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include <nlohmann/json.hpp>

#include "common/path_text.h"
#include "common/protocol/service_client.h"
#include "common/relative_time.h"
#include "common/text.h"
#include "tray/line_text.h"

namespace holdfast {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxBytes = 2000;

// Damage that nobody has seen yet is found when what is there is to be archived.
constexpr std::string_view kArchivedFirst =
    "What is there now is archived first, so that the restore can be taken back. Should it turn "
    "out to be damaged, its files are set aside instead, not deleted.";
constexpr std::string_view kSetAside =
    "Where what is there is damaged, it cannot be archived: the damaged files are set aside, not "
    "deleted, and the restore cannot be taken back.";

std::string text(const json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? std::string()
                               : one_line(found->get_ref<const std::string&>(), kMaxBytes);
}

std::string number_text(const json& count, const char* key) {
  return count.contains(key) ? grouped(count.at(key).get<std::int64_t>()) : "-";
}

ComparisonRow count_row(const json& count) {
  ComparisonRow row{.what = text(count, "name"),
                    .archived = number_text(count, "archived"),
                    .here = number_text(count, "here")};
  if (!count.contains("archived") || !count.contains("here")) {
    row.change = "not known";
    return row;
  }
  const auto difference =
      count.at("archived").get<std::int64_t>() - count.at("here").get<std::int64_t>();
  row.is_loss = difference < 0;
  row.change = difference == 0  ? "same"
               : difference > 0 ? grouped(difference) + " more"
                                : grouped(-difference) + " fewer";
  return row;
}

std::string size_of(const json& database) {
  return size_text(database.at("bytes").get<std::uint64_t>());
}

ComparisonRow database_row(const json& database) {
  const bool is_here = database.contains("here");
  return {.what = "Database",
          .archived = size_of(database.at("archived")),
          .here = is_here ? size_of(database.at("here")) : "-",
          .change = is_here ? "replaced" : "comes back"};
}

std::string names_of(const json& names) {
  std::string list;
  for (const json& name : names) {
    list += (list.empty() ? "" : ", ") + one_line(name.get_ref<const std::string&>());
  }
  return list;
}

ComparisonRow table_row(const json& table) {
  ComparisonRow row{.what = "Table " + text(table, "table")};
  const std::string change = text(table, "change");
  if (change == "only_archived") {
    row.archived = "there";
    row.here = "missing";
    row.change = "comes back";
    return row;
  }
  if (change == "only_here") {
    row.archived = "missing";
    row.here = "there";
    row.change = "goes away";
    row.is_loss = true;
    return row;
  }
  const std::string archived = names_of(table.at("columns_archived"));
  const std::string here = names_of(table.at("columns_here"));
  row.archived = archived.empty() ? "" : "only there: " + archived;
  row.here = here.empty() ? "" : "only here: " + here;
  row.change = "columns change";
  row.is_loss = !here.empty();
  return row;
}

ComparisonRow file_row(const json& file) {
  const std::string change = text(file, "change");
  ComparisonRow row{.what = "File " + text(file, "file"), .archived = "there", .here = "there"};
  if (change == "comes_back") {
    row.here = "missing";
    row.change = "comes back";
  } else if (change == "goes_away") {
    row.archived = "missing";
    row.change = "goes away";
    row.is_loss = true;
  } else {
    row.change = change == "changes" ? "changes" : "may change";
  }
  return row;
}

void add_more_row(std::vector<ComparisonRow>& rows, const json& preview, const char* list,
                  std::string_view what) {
  const auto total = preview.at(std::string(list) + "_total").get<std::size_t>();
  const std::size_t shown = preview.at(list).size();
  if (total <= shown) return;
  rows.push_back({.what = "And " + grouped(static_cast<long long>(total - shown)) + " more " +
                          std::string(what)});
}

std::string headline_of(const json& preview, Time made, Time now, const TimeWords& words) {
  std::string line = "Backup of " + words(made) + ", made " + ago_text(made, now);
  if (const std::string host = text(preview, "host"); !host.empty()) line += " on " + host;
  return line + ".";
}

// What people lose is the last thing they may learn too late.
std::string warning_of(const std::vector<ComparisonRow>& rows, Time made, const TimeWords& words) {
  std::string warning = "All that was entered since " + words(made) + " is replaced";
  std::string losses;
  for (const ComparisonRow& row : rows) {
    if (!row.is_loss || row.change.find("fewer") == std::string::npos) continue;
    losses += (losses.empty() ? "" : ", ") + row.change + " " + row.what;
  }
  return losses.empty() ? warning + "." : warning + ": " + losses + ".";
}

}  // namespace

RestorePreviewView restore_preview_view(const json& preview, Time now, const TimeWords& words) {
  const Time made = time_from(preview.at("created_at").get_ref<const std::string&>());
  RestorePreviewView view{.headline = headline_of(preview, made, now, words),
                          .problem = text(preview, "problem"),
                          .foreign = text(preview, "foreign")};
  view.safety = view.problem.empty() ? kArchivedFirst : kSetAside;
  for (const json& count : preview.at("counts")) view.rows.push_back(count_row(count));
  view.rows.push_back(database_row(preview.at("database")));
  for (const json& table : preview.at("tables")) view.rows.push_back(table_row(table));
  add_more_row(view.rows, preview, "tables", "tables");
  for (const json& file : preview.at("files")) view.rows.push_back(file_row(file));
  add_more_row(view.rows, preview, "files", "files");
  view.warning = warning_of(view.rows, made, words);
  return view;
}

std::string fetch_words(std::uint64_t done, std::uint64_t total) {
  if (done == 0) return "Fetching the backup from the cloud";
  std::string words = "Fetching the backup from the cloud: " + size_text(done);
  if (total > 0) words += " of " + size_text(total);
  return words;
}

std::optional<int> fetch_percent(std::uint64_t done, std::uint64_t total) {
  if (total == 0) return std::nullopt;
  return static_cast<int>(static_cast<double>(std::min(done, total)) * 100 /
                          static_cast<double>(total));
}

std::string archive_path(const json& page, std::string_view archive) {
  for (const json& known : page.at("archives")) {
    if (known.at("archive") != archive) continue;
    return path_text(text_path(known.at("destination").get_ref<const std::string&>()) /
                     text_path(archive));
  }
  return {};
}

RestoreEndView restore_end_view(const RunView& run, RestoreKind kind) {
  const bool is_undo = kind == RestoreKind::Undo;
  if (run.is_good) {
    std::string words = is_undo ? "What was there before the restore is back."
                                : "The database is as it was in the backup.";
    if (!run.sentence.empty()) words += " " + run.sentence;
    return {.headline = is_undo ? "The restore was taken back." : "Restored.",
            .text = std::move(words),
            .can_be_undone = !run.archive.empty()};
  }
  if (run.is_cancelled) {
    return {.headline = "Cancelled.", .text = "Nothing was changed.", .can_be_tried_again = true};
  }
  return {.headline = is_undo ? "The restore was not taken back." : "Not restored.",
          .text = run.sentence.empty() ? "The service was ended while it restored." : run.sentence,
          .can_be_tried_again = !run.code.empty()};
}

RestoreEndView restore_not_begun_view(const Error& failure, RestoreKind kind) {
  if (is_lost_connection(failure)) return restore_unknown_view();
  return restore_end_view({.code = std::string(name(failure.code())), .sentence = failure.line()},
                          kind);
}

RestoreEndView restore_unknown_view() {
  return {.headline = "Nobody knows yet what came of the restore.",
          .text =
              "The service went away or did not answer in time. When it is back, it brings to "
              "its end what was begun; the history tells whether it was begun, and how it "
              "went."};
}

}  // namespace holdfast
