#pragma once

#include <map>
#include <string>
#include <vector>

#include "service/config/config.h"
#include "service/config/json_tree.h"
#include "service/config/policies.h"

namespace holdfast {

struct ConfigSources {
  std::string machine;                       // the text of the machine's configuration
  std::map<std::string, std::string> users;  // SID -> the text of what that user added
  Policies policies;                         // override both

  bool operator==(const ConfigSources&) const = default;
};

enum class ConfigOrigin { Default, MachineFile, UserFile, Policy };

// What holds for a dataset, and where it comes from.
struct Setting {
  std::string key;    // "schedule.every"
  std::string value;  // as JSON
  ConfigOrigin origin = ConfigOrigin::Default;
  int line = 0;  // in the file; 0 for what stands in none
};

struct EffectiveDataset {
  Dataset dataset;
  std::string owner;  // the SID of the user who added it; empty for the machine's
  std::vector<Setting> settings;
};

struct SourceFault {
  ConfigOrigin source = ConfigOrigin::MachineFile;
  std::string owner;  // the SID, for a user's file
  ConfigFault fault;
};

// The file that a fault stands in, where `file` is the machine's; or "policy".
std::string source_name(const SourceFault& fault, const std::string& file);
// One line: where it stands and what is wrong.
std::string fault_line(const SourceFault& fault, const std::string& file);

struct EffectiveConfig {
  std::vector<EffectiveDataset> datasets;
  std::vector<SourceFault> faults;

  // Whether it may be used; else whoever has an earlier one keeps that.
  bool is_good() const;
};

// One configuration of all sources. A fault in the machine's file leaves no dataset. No user can do
// anything to another or to the machine: a fault in a user's file leaves out that user's datasets,
// and one that has the id or the database of the machine's is left out itself. Of the policies
// those that are wrong are left out.
EffectiveConfig merge_config(const ConfigSources& sources);

}  // namespace holdfast
