#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/clock.h"
#include "common/protocol/messages.h"
#include "service/catalog/catalog_records.h"

namespace holdfast {

// What a report tells of, as the service has told it. All texts come from outside.

struct ReportRun {
  RunKind kind = RunKind::Backup;
  RunOutcome outcome = RunOutcome::Failed;
  Time started_at;
  std::optional<Time> ended_at;
  std::string sentence;  // why it failed
};

struct ReportArchive {
  std::string host;
  Time taken_at;
  std::uint64_t bytes = 0;
  ArchiveName::Kind kind = ArchiveName::Kind::Backup;
  ArchiveFacts::Check check = ArchiveFacts::Check::Unknown;
  bool is_copy = false;  // made by OneDrive
};

struct ReportDataset {
  DatasetStatus status;
  std::vector<ReportRun> runs;          // the newest first
  std::vector<ReportArchive> archives;  // the newest first
  // There is more than what stands here.
  bool has_more_runs = false;
  bool has_more_archives = false;
};

struct ReportFacts {
  Status status;
  std::string host;
  std::string version;  // of the service
  std::vector<ReportDataset> datasets;
  Time made_at;
};

// Read what history and archive.list answer. A word for an outcome or a check that this program
// does not know never counts as good. A missing or ill-typed key throws nlohmann::json::exception,
// a time that is none std::invalid_argument.
ReportRun report_run_from(const nlohmann::json& run);
ReportArchive report_archive_from(const nlohmann::json& archive);

}  // namespace holdfast
