#include "service/command_line/run_texts.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/relative_time.h"
#include "common/text.h"
#include "service/command_line/text_layout.h"

namespace holdfast {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxSentenceBytes = 500;
constexpr std::ptrdiff_t kCloudPlace = 3;  // among the columns of archives
constexpr Table::Column::Align kRight = Table::Column::Align::Right;

std::string text(const json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? std::string()
                               : one_line(found->get_ref<const std::string&>(), kMaxSentenceBytes);
}

// What is left to say of a run beside its outcome.
std::string details(const json& record) {
  std::string words = text(record, "archive");
  if (const std::string source = text(record, "source"); !source.empty()) {
    words = words.empty() ? source : fmt::format("{}  (before: {})", source, words);
    if (const std::string sentence = text(record, "sentence"); !sentence.empty()) {
      words += "  " + sentence;
    }
  }
  if (words.empty()) words = text(record, "sentence");
  const std::string reason = text(record, "reason");
  if (!reason.empty()) words += fmt::format("{}({})", words.empty() ? "" : "  ", reason);
  return words;
}

std::string line_of(const json& object, const char* key) {
  return one_line(object.at(key).get_ref<const std::string&>());
}

Tone tone_of(std::string_view outcome) {
  if (outcome == "verified" || outcome == "unchanged") return Tone::Good;
  if (outcome == "failed" || outcome == "interrupted") return Tone::Bad;
  return outcome == "cancelled" ? Tone::Caution : Tone::Plain;
}

Tone check_tone(std::string_view check) {
  if (check == "verified") return Tone::Good;
  return check == "broken" ? Tone::Bad : Tone::Caution;
}

// What goes to no cloud has no word.
Table::Cell cloud_cell(const std::string& cloud) {
  if (cloud.empty()) return {"-"};
  if (cloud == "uploaded") return {cloud, Tone::Good};
  return {cloud, cloud == "error" ? Tone::Bad : Tone::Caution};
}

// The word of the protocol, unless there is a better one for this kind of run.
std::string outcome_text(const json& run) {
  const std::string outcome = line_of(run, "outcome");
  const std::string kind = text(run, "kind");
  if (outcome != "verified" || kind.empty() || kind == "backup") return outcome;
  return kind == "restore" ? "restored" : "proven";
}

// Backups are by far the most, so only other runs are told to be what they are.
std::string cause_text(const json& run) {
  const std::string kind = text(run, "kind");
  const std::string cause = line_of(run, "cause");
  return kind.empty() || kind == "backup" ? cause : fmt::format("{} ({})", cause, kind);
}

std::string took_text(const json& run, Time started) {
  const auto ended = run.find("ended_at");
  if (ended == run.end()) return "-";
  // The clock may have been put back meanwhile.
  const auto took = time_from(ended->get_ref<const std::string&>()) - started;
  return took < std::chrono::seconds(0) ? "?" : span_text(took);
}

std::string more_text(const json& answer, std::string_view words) {
  return answer.at("more").get<bool>() ? std::string(words) + '\n' : "";
}

}  // namespace

std::string run_line(const json& report) {
  const json& record = report.at("record");
  const std::string dataset = one_line(record.at("dataset").get_ref<const std::string&>());
  const auto& outcome = record.at("outcome").get_ref<const std::string&>();
  if (outcome == "verified")
    return fmt::format("Verified: {} ({})", text(record, "archive"), dataset);
  std::string sentence = text(record, "sentence");
  if (sentence.empty()) sentence = "the run was " + one_line(outcome) + ".";
  const std::string kind = text(record, "kind");
  if (kind == "restore") return fmt::format("{} was not restored: {}", dataset, sentence);
  if (kind == "drill") {
    return fmt::format("{} was not proven restorable: {}", text(record, "source"), sentence);
  }
  return fmt::format("{} was not backed up: {}", dataset, sentence);
}

std::string verified_report(const json& report, const Style& style) {
  const json& record = report.at("record");
  const std::string archive =
      fmt::format("{} ({})", text(record, "archive"), line_of(record, "dataset"));
  return led("Verified:", archive, style, Tone::Good);
}

std::string restored_report(const json& report, const Style& style) {
  const json& record = report.at("record");
  const std::string dataset = line_of(record, "dataset");
  std::string told = led("Restored:", fmt::format("{} from {}", dataset, text(record, "source")),
                         style, Tone::Good);
  if (const std::string safety = text(record, "archive"); !safety.empty()) {
    told += led("What was there before is archived:", safety, style);
    told += led("To take this back:", "holdfast undo " + dataset, style);
  }
  if (const std::string sentence = text(record, "sentence"); !sentence.empty()) {
    told += sentence + '\n';
  }
  return told;
}

std::string drilled_report(const json& report, const Style& style) {
  return led("Proven restorable:", text(report.at("record"), "source"), style, Tone::Good);
}

bool is_verified(const json& report) {
  return report.at("record").at("outcome") == "verified";
}

std::string history_report(const json& answer, const ReportView& view) {
  Table table({{"Local time"}, {"Age"}, {"Outcome"}, {"Cause"}, {"Took", kRight}, {"Dataset"}});
  for (const json& run : answer.at("runs")) {
    const Time started = time_from(run.at("started_at").get_ref<const std::string&>());
    const std::string outcome = line_of(run, "outcome");
    table.add({{local_text(started, view.zone)},
               {ago_text(started, view.now)},
               {outcome_text(run), tone_of(outcome)},
               {cause_text(run)},
               {took_text(run, started)},
               {line_of(run, "dataset")}},
              {details(run)});
  }
  if (table.is_empty()) return "There was no run yet.\n";
  return table.text(view.style) + more_text(answer, "Older runs are not shown.");
}

// Its name, and of a copy that OneDrive made, of what.
std::string archive_note(const json& archive) {
  std::string note = line_of(archive, "archive");
  if (!archive.contains("conflict_of")) return note;
  note += fmt::format(", a copy that OneDrive made of {}", line_of(archive, "conflict_of"));
  const auto same = archive.find("same_content");
  if (same == archive.end()) return note + "; they were not compared";
  return note + (same->get<bool>() ? "; both are the same" : "; they are not the same");
}

std::string archives_report(const json& answer, const ReportView& view) {
  const json& archives = answer.at("archives");
  const bool has_cloud =
      std::ranges::any_of(archives, [](const json& archive) { return archive.contains("cloud"); });
  std::vector<Table::Column> columns{{"Local time"},   {"Age"},  {"Check"},
                                     {"Size", kRight}, {"Host"}, {"Reason"}};
  if (has_cloud) columns.insert(columns.begin() + kCloudPlace, {"Cloud"});
  Table table(columns);
  for (const json& archive : archives) {
    const Time taken = time_from(archive.at("taken_at").get_ref<const std::string&>());
    const std::string check = line_of(archive, "check");
    std::vector<Table::Cell> cells{{local_text(taken, view.zone)},
                                   {ago_text(taken, view.now)},
                                   {check == "unknown" ? "not yet" : check, check_tone(check)},
                                   {size_text(archive.at("bytes").get<std::uint64_t>())},
                                   {line_of(archive, "host")},
                                   {text(archive, "reason")}};
    if (has_cloud) cells.insert(cells.begin() + kCloudPlace, cloud_cell(text(archive, "cloud")));
    table.add(std::move(cells), {archive_note(archive)});
  }
  if (table.is_empty()) return "There are no archives yet.\n";
  return table.text(view.style) + more_text(answer, "Older archives are not shown.");
}

std::string acceptance_report(const json& answer, const Style& style) {
  std::string counts;
  for (const auto& [name, count] : answer.at("counts").items()) {
    counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", count.get<std::int64_t>(),
                          one_line(name));
  }
  return led("Accepted:", fmt::format("{} ({})", line_of(answer, "dataset"), counts), style,
             Tone::Good);
}

std::string retention_report(const json& answer, const Style& style) {
  Table table({{"Verdict"}, {"Archive"}, {"Because it is"}});
  std::size_t kept = 0;
  for (const json& decision : answer.at("decisions")) {
    const bool is_kept = decision.at("verdict") == "keep";
    if (is_kept) ++kept;
    table.add({{is_kept ? "keep" : "delete", is_kept ? Tone::Plain : Tone::Caution},
               {line_of(decision, "archive")},
               {line_of(decision, "reason")}});
  }
  if (table.is_empty()) return "There are no archives yet.\n";
  return table.text(style) +
         fmt::format("{} would stay, {} would go.\n", kept, answer.at("decisions").size() - kept) +
         more_text(answer, "There are more archives than could be told.");
}

}  // namespace holdfast
