#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/clock.h"
#include "common/error.h"
#include "tray/history_view.h"
#include "tray/run_view.h"

namespace holdfast {

// What the restore window says before, while and after an archive is restored. Pure.

// A line of the comparison.
struct ComparisonRow {
  std::string what;      // "patients", "File images/4711.png"
  std::string archived;  // what the backup has; "-" where that is not known
  std::string here;
  std::string change;  // what a restore does: "6 more", "same", "comes back"
  bool is_loss = false;

  bool operator==(const ComparisonRow&) const = default;
};

struct RestorePreviewView {
  std::string headline;  // which backup, of when, how old
  // Each a sentence; empty where there is nothing to say.
  std::string warning;
  std::string problem;  // why what is here cannot be compared
  std::string foreign;  // why the archive may be of another application
  std::string safety;   // what becomes of what is there: that is the first that people fear
  std::vector<ComparisonRow> rows;
};

// Throws as the history's views do for what is no preview.
RestorePreviewView restore_preview_view(const nlohmann::json& preview, Time now,
                                        const TimeWords& words);

// How far the backup's way from the cloud onto this disk is. `total` is 0 where it is not known.
std::string fetch_words(std::uint64_t done, std::uint64_t total);
std::optional<int> fetch_percent(std::uint64_t done, std::uint64_t total);

// Where an archive of a page of archive.list lies; empty where it is not on that page.
std::string archive_path(const nlohmann::json& page, std::string_view archive);

// How the end of a restore is told, and what can be done then.
struct RestoreEndView {
  std::string headline;
  std::string text;
  bool can_be_undone = false;
  bool can_be_tried_again = false;  // nothing was changed, and the reason may go away
};
enum class RestoreKind { Restore, Undo };
RestoreEndView restore_end_view(const RunView& run, RestoreKind kind);
// How it is told that the service has not begun it, or that nobody knows whether it has.
RestoreEndView restore_not_begun_view(const Error& failure, RestoreKind kind);
// The service went away while it restored.
RestoreEndView restore_unknown_view();

}  // namespace holdfast
