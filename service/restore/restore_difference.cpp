#include "service/restore/restore_difference.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace holdfast {
namespace {

// Of the one, what the other has not.
std::vector<std::string> missing_in(const std::vector<std::string>& other,
                                    const std::vector<std::string>& one) {
  std::vector<std::string> missing;
  std::ranges::copy_if(one, std::back_inserter(missing), [&](const std::string& column) {
    return std::ranges::find(other, column) == other.end();
  });
  return missing;
}

}  // namespace

std::vector<CountDifference> count_differences(const CountsByName& archived,
                                               const CountsByName& live) {
  std::map<std::string, CountDifference> found;
  for (const auto& [name, count] : archived) found[name].archived = count;
  for (const auto& [name, count] : live) found[name].live = count;
  std::vector<CountDifference> differences;
  for (auto& [name, difference] : found) {
    difference.name = name;
    differences.push_back(std::move(difference));
  }
  return differences;
}

std::vector<TableDifference> table_differences(const SchemaOutline& archived,
                                               const SchemaOutline& live) {
  std::vector<TableDifference> differences;
  for (const auto& [table, columns] : archived.tables) {
    const auto here = live.tables.find(table);
    if (here == live.tables.end()) {
      differences.push_back({.table = table, .kind = TableDifference::Kind::OnlyArchived});
    } else if (here->second != columns) {
      differences.push_back({.table = table,
                             .kind = TableDifference::Kind::Columns,
                             .columns_archived = missing_in(here->second, columns),
                             .columns_live = missing_in(columns, here->second)});
    }
  }
  for (const auto& [table, columns] : live.tables) {
    if (archived.tables.contains(table)) continue;
    differences.push_back({.table = table, .kind = TableDifference::Kind::OnlyLive});
  }
  return differences;
}

std::string foreign_archive(const SchemaOutline& archived, const SchemaOutline& live) {
  if (archived.application_id != live.application_id) {
    return fmt::format("The archive's database has the application id {}, the one here has {}.",
                       archived.application_id, live.application_id);
  }
  const bool has_common = std::ranges::any_of(
      archived.tables, [&](const auto& table) { return live.tables.contains(table.first); });
  if (has_common || archived.tables.empty() || live.tables.empty()) return {};
  return "The archive's database and the one here have no table in common.";
}

}  // namespace holdfast
