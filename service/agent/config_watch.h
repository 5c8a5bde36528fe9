#pragma once

#include <functional>
#include <optional>
#include <string>

#include "service/config/merge_config.h"
#include "service/platform/event_log.h"

namespace holdfast {

// Which configuration holds: the last one that was good. A broken edit changes nothing but fault().
class ConfigWatch {
 public:
  using Read = std::function<ConfigSources()>;  // may throw Error

  ConfigWatch(Read read, std::string file, EventLog& events)
      : read_(std::move(read)), file_(std::move(file)), events_(events) {}

  // Reads the configuration. Gives it when it is good and another than before; tells the Event Log
  // once of each that is not.
  std::optional<EffectiveConfig> poll();

  // The configuration as it stands now, with its faults, whether it is used or not. Throws Error.
  EffectiveConfig look() const { return merge_config(sources()); }
  ConfigSources sources() const { return read_(); }
  const std::string& file() const { return file_; }
  // What is wrong with the configuration as it stands now; empty when it is the one that holds.
  const std::string& fault() const { return fault_; }

 private:
  void reject(const std::string& fault);

  Read read_;
  std::string file_;  // the machine's, for what is told about it
  EventLog& events_;
  std::optional<ConfigSources> last_;
  std::string fault_;
};

}  // namespace holdfast
