#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "service/backup/include_pattern.h"
#include "service/platform/storage.h"
#include "service/restore/restore_difference.h"
#include "service/restore/restore_source.h"

namespace holdfast {

// What an archive would be restored over.
struct RestoreTarget {
  std::filesystem::path database;
  std::vector<std::string> include;  // the side files that go with it, as they are backed up
  LetterCase letter_case = LetterCase::Matters;
  std::map<std::string, std::string> counts;  // name -> SQL
};

enum class RowCounts { No, Yes };

// An archive beside what is there now.
struct RestorePreview {
  SchemaOutline archived;
  std::optional<SchemaOutline> live;  // nothing when it cannot be read
  std::string live_fault;             // why, or why a count could not be taken
  std::string foreign;                // why it may be of another application
  std::vector<CountDifference> counts;
  std::vector<TableDifference> tables;
  std::vector<FileDifference> files;
  std::vector<CountDifference> rows;  // of each table, where they were asked for
};

// Reads both sides and changes nothing. Throws Error for an archive that cannot be read, and
// Error(Cancelled).
RestorePreview restore_preview(const RestoreSource& source, const RestoreTarget& target,
                               Storage& storage, RowCounts rows, const std::stop_token& stop = {});

}  // namespace holdfast
