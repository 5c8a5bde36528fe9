#include "service/restore/preview_json.h"

#include <algorithm>
#include <string_view>

#include <nlohmann/json.hpp>

namespace holdfast {
namespace {

using nlohmann::json;

// An answer of the protocol is one line, and people read no more.
constexpr std::size_t kMostTold = 200;

std::string_view word(TableDifference::Kind kind) {
  switch (kind) {
    case TableDifference::Kind::OnlyArchived: return "only_archived";
    case TableDifference::Kind::OnlyLive: return "only_here";
    case TableDifference::Kind::Columns: break;
  }
  return "columns";
}

std::string_view word(FileDifference::Kind kind) {
  switch (kind) {
    case FileDifference::Kind::ComesBack: return "comes_back";
    case FileDifference::Kind::GoesAway: return "goes_away";
    case FileDifference::Kind::Changes: return "changes";
    case FileDifference::Kind::MayChange: break;
  }
  return "may_change";
}

json told(const SchemaOutline& database) {
  return {{"bytes", database.bytes},
          {"page_size", database.page_size},
          {"tables", database.tables.size()},
          {"application_id", database.application_id},
          {"user_version", database.user_version}};
}

json told(const CountDifference& count) {
  json told = {{"name", count.name}};
  if (count.archived) told["archived"] = *count.archived;
  if (count.live) told["here"] = *count.live;
  return told;
}

json told(const TableDifference& table) {
  json told = {{"table", table.table}, {"change", word(table.kind)}};
  if (table.kind != TableDifference::Kind::Columns) return told;
  told["columns_archived"] = table.columns_archived;
  told["columns_here"] = table.columns_live;
  return told;
}

json told(const FileDifference& file) {
  return {{"file", file.name}, {"change", word(file.kind)}};
}

// The first of them; how many there are stands beside them.
template <typename Item>
json first_of(const std::vector<Item>& items) {
  json list = json::array();
  for (std::size_t i = 0; i < std::min(items.size(), kMostTold); ++i)
    list.push_back(told(items[i]));
  return list;
}

}  // namespace

json preview_json(const RestoreSource& source, const RestorePreview& preview) {
  const Manifest& manifest = source.manifest();
  json told_of = {{"archive", source.name()},
                  {"bytes", source.bytes()},
                  {"dataset", manifest.dataset},
                  {"created_at", utc_text(manifest.created_at)},
                  {"host", manifest.host},
                  {"reason", manifest.reason},
                  {"app_version", manifest.app_version},
                  {"database", {{"archived", told(preview.archived)}}},
                  {"counts", first_of(preview.counts)},
                  {"tables", first_of(preview.tables)},
                  {"tables_total", preview.tables.size()},
                  {"files", first_of(preview.files)},
                  {"files_total", preview.files.size()}};
  if (preview.live) told_of["database"]["here"] = told(*preview.live);
  if (!preview.live_fault.empty()) told_of["problem"] = preview.live_fault;
  if (!preview.foreign.empty()) told_of["foreign"] = preview.foreign;
  if (!preview.rows.empty()) {
    told_of["rows"] = first_of(preview.rows);
    told_of["rows_total"] = preview.rows.size();
  }
  return told_of;
}

}  // namespace holdfast
