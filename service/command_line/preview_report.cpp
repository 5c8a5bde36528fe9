#include "service/command_line/preview_report.h"

#include <cstdint>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/relative_time.h"
#include "common/text.h"
#include "service/command_line/text_layout.h"

namespace holdfast {
namespace {

using nlohmann::json;

constexpr auto kRight = Table::Column::Align::Right;

std::string text_of(const json& told, const char* key) {
  return one_line(told.at(key).get_ref<const std::string&>());
}

std::string number_text(const json& told, const char* key) {
  return told.contains(key) ? fmt::format("{}", told.at(key).get<std::int64_t>()) : "-";
}

// "+6" where the archive has more.
Table::Cell difference_cell(const json& count) {
  if (!count.contains("archived") || !count.contains("here")) return {"?"};
  const auto archived = count.at("archived").get<std::int64_t>();
  const auto here = count.at("here").get<std::int64_t>();
  if (archived == here) return {"same"};
  return {fmt::format("{:+}", archived - here), archived < here ? Tone::Caution : Tone::Plain};
}

std::string counts_text(const json& counts, const char* heading, const Style& style) {
  Table table({{heading}, {"Archive", kRight}, {"Here", kRight}, {"Change", kRight}});
  for (const json& count : counts) {
    table.add({{text_of(count, "name")},
               {number_text(count, "archived")},
               {number_text(count, "here")},
               difference_cell(count)});
  }
  return table.is_empty() ? "" : '\n' + table.text(style);
}

std::string names_of(const json& names) {
  std::string list;
  for (const json& name : names) {
    list += (list.empty() ? "" : ", ") + one_line(name.get_ref<const std::string&>());
  }
  return list;
}

std::string change_of(const json& table) {
  const std::string change = text_of(table, "change");
  if (change == "only_archived") return "comes back: it is in the archive only";
  if (change == "only_here") return "goes away: it is not in the archive";
  std::string text;
  const std::string archived = names_of(table.at("columns_archived"));
  const std::string here = names_of(table.at("columns_here"));
  if (!archived.empty()) text += "columns come back: " + archived;
  if (!here.empty()) text += (text.empty() ? "" : "; ") + ("columns go away: " + here);
  return text.empty() ? "its columns are in another order" : text;
}

std::string more_text(const json& preview, const char* list, const char* what) {
  const auto total = preview.at(std::string(list) + "_total").get<std::size_t>();
  const std::size_t shown = preview.at(list).size();
  return total == shown ? "" : fmt::format("and {} more {}.\n", total - shown, what);
}

std::string tables_text(const json& preview, const Style& style) {
  Table table({{"Table"}, {"What a restore does"}});
  for (const json& one : preview.at("tables"))
    table.add({{text_of(one, "table")}, {change_of(one)}});
  if (table.is_empty()) return "";
  return '\n' + table.text(style) + more_text(preview, "tables", "tables");
}

std::string files_text(const json& preview, const Style& style) {
  Table table({{"File"}, {"What a restore does"}});
  for (const json& one : preview.at("files")) {
    const std::string change = text_of(one, "change");
    const std::string words = change == "comes_back"  ? "comes back: it is in the archive only"
                              : change == "goes_away" ? "goes away: it is not in the archive"
                              : change == "changes"   ? "changes"
                                                      : "may change: not all of it was compared";
    table.add({{text_of(one, "file")}, {words}});
  }
  if (table.is_empty()) return "";
  return '\n' + table.text(style) + more_text(preview, "files", "files");
}

std::string size_of(const json& database) {
  return size_text(database.at("bytes").get<std::uint64_t>());
}

std::string head_text(const json& preview, const ReportView& view) {
  const Time made = time_from(preview.at("created_at").get_ref<const std::string&>());
  std::string made_text = local_text(made, view.zone);
  // An older system may not tell it.
  if (const std::string host = text_of(preview, "host"); !host.empty()) made_text += " on " + host;
  made_text += ", " + ago_text(made, view.now);
  if (const std::string reason = text_of(preview, "reason"); !reason.empty()) {
    made_text += "; " + reason;
  }
  const json& database = preview.at("database");
  std::string size = size_of(database.at("archived"));
  if (database.contains("here")) size += ", here " + size_of(database.at("here"));
  return led("Archive:", text_of(preview, "archive"), view.style) +
         led("Made:", made_text, view.style) + led("Database:", size, view.style);
}

}  // namespace

std::string preview_report(const json& preview, const ReportView& view) {
  std::string text = head_text(preview, view);
  if (preview.contains("problem")) {
    text += led("Problem:", text_of(preview, "problem"), view.style, Tone::Bad);
  }
  if (preview.contains("foreign")) {
    text += led("Careful:", text_of(preview, "foreign"), view.style, Tone::Caution);
  }
  text += counts_text(preview.at("counts"), "Count", view.style) +
          tables_text(preview, view.style) + files_text(preview, view.style);
  if (preview.contains("rows")) {
    text += counts_text(preview.at("rows"), "Rows of table", view.style) +
            more_text(preview, "rows", "tables");
  }
  const bool is_compared = preview.at("database").contains("here");
  if (is_compared && preview.at("tables").empty() && preview.at("files").empty()) {
    text += "\nTables, columns and files are the same here and in the archive.\n";
  }
  return text;
}

}  // namespace holdfast
