#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "service/restore/schema_outline.h"

namespace holdfast {

// What a restore would change, decided from what is known of both sides. Pure.

// Nothing on the side where it was not counted.
struct CountDifference {
  std::string name;
  std::optional<std::int64_t> archived;
  std::optional<std::int64_t> live;

  bool operator==(const CountDifference&) const = default;
};
using CountsByName = std::map<std::string, std::int64_t>;
std::vector<CountDifference> count_differences(const CountsByName& archived,
                                               const CountsByName& live);

// A table that is on one side only, or whose columns are others.
struct TableDifference {
  enum class Kind { OnlyArchived, OnlyLive, Columns };

  std::string table;
  Kind kind = Kind::Columns;
  std::vector<std::string> columns_archived;  // those that only this side has
  std::vector<std::string> columns_live;

  bool operator==(const TableDifference&) const = default;
};
std::vector<TableDifference> table_differences(const SchemaOutline& archived,
                                               const SchemaOutline& live);

// What would happen to a side file.
struct FileDifference {
  enum class Kind {
    ComesBack,  // it is in the archive only
    GoesAway,   // it is here only
    Changes,    // it is another
    MayChange,  // not all of it was compared
  };

  std::string name;
  Kind kind = Kind::Changes;

  bool operator==(const FileDifference&) const = default;
};

// Why the archive may be of another application than the database that is here, as a sentence;
// empty when nothing speaks for it.
std::string foreign_archive(const SchemaOutline& archived, const SchemaOutline& live);

}  // namespace holdfast
