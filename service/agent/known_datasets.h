#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "service/agent/dataset_state.h"
#include "service/agent/record_keeper.h"

namespace holdfast {

// The datasets that are configured, with what is known of each and with whose rights it is worked
// on. Lives on the agent's thread.
class KnownDatasets {
 public:
  using Map = std::map<std::string, DatasetState, std::less<>>;

  struct Parts {
    RecordKeeper& records;
    Work& work;
    MachineFacts machine;
    // The service's own, which nobody else can write to.
    std::filesystem::path own_folder;
    // As Protection::Parts has them.
    std::function<std::string(const std::string& sid)> profile_name;
    std::function<std::string(const std::string& path)> profile_owner;
    std::shared_ptr<const UserRights> service_rights;
  };

  explicit KnownDatasets(Parts parts) : parts_(std::move(parts)) {}

  // From now on it is these, for the machine and for these users. What is known of one that was
  // there before stays known. Gives the keys of those with which nothing can be done any more.
  std::vector<std::string> use(const std::vector<EffectiveDataset>& datasets,
                               const std::vector<PresentUser>& users);
  // What is recorded is another than was loaded.
  void reload();

  const Map& configured() const { return configured_; }
  Map& configured() { return configured_; }
  // A configured one. Throws Error(NotFound).
  const DatasetState& known(std::string_view dataset) const;
  DatasetState& known(std::string_view dataset);

  // Also one that is no longer configured, but with a run under way; null when there is none.
  DatasetState* find(std::string_view dataset);
  // The one whose run that is; null when it is under way nowhere.
  const DatasetState* running(RunTicket ticket) const;
  // All whose runs are under way are told to end them.
  void request_stop();
  // The run of that one has ended.
  void ended(const std::string& dataset);

 private:
  std::vector<DatasetState> states_of(const std::vector<EffectiveDataset>& datasets,
                                      const std::vector<PresentUser>& users);
  void equip(DatasetState& state) const;

  Parts parts_;
  Map configured_;
  Map leaving_;  // no longer configured, but with a run under way
};

}  // namespace holdfast
