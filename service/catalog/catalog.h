#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "service/catalog/catalog_records.h"
#include "service/catalog/open_catalog.h"

namespace holdfast {

// How many runs of a dataset are kept. Of those that are older than the newest kRunsKeptWhole, the
// backups that were unchanged or cancelled go: they tell nothing any more. Of a row of failures
// that is longer than kRunsKept only those count that are kept.
constexpr int kRunsKeptWhole = 1'000;
constexpr int kRunsKept = 5'000;

// The service's own record of datasets, runs and archives, in a database of its own. What it says
// is on the disk when a call has returned. All of it can be had again from the destinations, but
// what only it knows: the runs, and in which order archives were made.
//
// Lives on the agent's thread. Every failure is an Error that names the file, and leaves the
// catalog as it was before the call: DatabaseBusy when another program holds it for a second,
// AccessDenied, DiskFull, SystemCallFailed, and DatabaseDamaged for damage that opening it did not
// find or that came later. After that, open it anew: it is then checked, and moved aside if need
// be.
class Catalog {
 public:
  // Opens the catalog, or makes one. One that is damaged, is none, or is of a newer version is
  // moved aside, never deleted, and a new one begun: "catalog.db" becomes
  // "catalog.db.<UTC>.damaged". The newest three of these are kept.
  Catalog(const std::filesystem::path& file, Time now);

  // Why there is a new one although there was one before, as a sentence; else empty.
  const std::string& begun_anew() const { return begun_anew_; }

  // The keys of all that are known.
  std::vector<std::string> datasets() const;
  // A dataset that was unknown is known since `now`.
  DatasetRecord dataset(std::string_view key, Time now);
  void save(const DatasetRecord& record);

  // Gives the run its id; `run.id`, `ended_at`, `outcome` and `archive` are not looked at. Old runs
  // of the dataset go, but for those that summary() needs.
  std::int64_t begin_run(const RunRecord& run);
  // Throws Error(NotFound) when no such run is under way.
  void end_run(std::int64_t run, const RunEnd& end);
  // The same for a run that made an archive: both are recorded at once. The archive gets the next
  // sequence, which no archive had before.
  void end_run(std::int64_t run, const RunEnd& end, const ArchiveRecord& archive);
  // Runs that were under way when the service ended last: they become interrupted. How many.
  int end_interrupted_runs(Time now);

  // The newest first.
  std::vector<RunRecord> runs(const RunQuery& query) const;
  RunSummary summary(std::string_view dataset) const;
  // The last one that came to its good end.
  std::optional<RunRecord> last_restore(std::string_view dataset) const;

  // In all destinations, the newest first, as retention sees it: by sequence, and after those that
  // have one by their dates.
  std::vector<ArchiveRecord> archives(std::string_view dataset) const;
  // Replaces what is known of it, but never its sequence. Does nothing when it is not known.
  void update(const ArchiveRecord& archive);
  // Replaces what is known of their way into a cloud, of all that are known.
  void update_cloud(std::span<const ArchiveRecord> archives);
  // Gives the next sequences, in this order, to archives of one dataset and destination that were
  // found and are dated after all that have one: the service ended before it could record them.
  // Does nothing for one that is not known, or has one, or was found before the last of those that
  // have one came: then it was there already, and a clock that stood wrong has dated it.
  void adopt(std::span<const ArchiveRecord> archives);
  // After its file went to another folder: what is known of it holds there, but for what a cloud
  // has of it, and when it was written. Does nothing when it is not known, or one of its name is
  // there.
  void move(const ArchiveRecord& archive, std::string_view destination);
  // After it was deleted.
  void forget(const ArchiveRecord& archive);

  // Brings what is known of a dataset's archives in one destination in line with what was found
  // there: what is new is added, unchecked and without a sequence; what is gone is forgotten; what
  // has another size is unchecked again, and keeps its sequence only. An unchecked one of the same
  // size takes over what it tells of itself now, unless it is only in the cloud. A record of which
  // only name and size were found (taken_at is not set) keeps what is known, and is passed over
  // when it is not known any more.
  //
  // The scan must have begun after the last archive of the dataset was recorded or deleted: to an
  // older scan a new archive is gone, and would lose its sequence.
  struct Reconciled {
    std::vector<std::string> added;    // file names
    std::vector<std::string> gone;     // that were there and were not deleted by this service
    std::vector<std::string> changed;  // whose size is another
  };
  Reconciled reconcile(std::string_view dataset, std::string_view destination,
                       std::span<const ArchiveRecord> found);

 private:
  explicit Catalog(OpenedCatalog opened);
  void thin_runs(std::string_view dataset);
  void set_end(std::int64_t run, const RunEnd& end, std::string_view archive);

  CatalogDatabase database_;
  std::string begun_anew_;
};

}  // namespace holdfast
