#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/agent/dataset_state.h"
#include "service/catalog/catalog.h"

namespace holdfast {

// Writes into the catalog what happens, and goes on when that fails: a backup is worth more than
// its record, and the archives tell of themselves. What went wrong is logged and told by fault(). A
// catalog that could not be opened is tried again at the next occasion, and one that turns out to
// be damaged is begun anew.
class RecordKeeper {
 public:
  RecordKeeper(const std::filesystem::path& file, const Clock& clock);

  // The keys of all that were ever recorded.
  std::vector<std::string> datasets();
  // Fills in what is recorded of the dataset.
  void load(DatasetState& state);
  void begin(RunRecord& run);
  // `archive` is the one that the run made, if it did.
  void end(const RunRecord& run, const ArchiveRecord* archive);
  void save(const DatasetRecord& record);
  void update(const ArchiveRecord& archive);
  void update_cloud(const std::vector<ArchiveRecord>& archives);
  void adopt(const std::vector<ArchiveRecord>& archives);
  void move(const ArchiveRecord& archive, const std::filesystem::path& destination);
  void forget(const ArchiveRecord& archive);
  Catalog::Reconciled reconcile(const DatasetState& state, const std::vector<ArchiveRecord>& found);

  // They stay as they are when the catalog cannot be read.
  void reload_archives(DatasetState& state);
  std::vector<RunRecord> runs(const RunQuery& query);
  // The last that came to its good end; nothing when the catalog cannot be read.
  std::optional<RunRecord> last_restore(const std::string& dataset);

  // Whether the catalog was opened since this was asked last: what was loaded may be another.
  bool take_opened() { return std::exchange(was_opened_, false); }
  // Why the last record could not be written, or a later one not be read; empty when it could.
  const std::string& fault() const { return fault_; }

 private:
  void write(const std::function<void(Catalog&)>& record);
  void read(const std::function<void(Catalog&)>& look);
  bool attempt(const std::function<void(Catalog&)>& use);
  void open();

  std::filesystem::path file_;
  const Clock& clock_;
  std::optional<Catalog> catalog_;
  std::string fault_;
  bool was_opened_ = false;
};

}  // namespace holdfast
