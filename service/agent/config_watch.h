#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "service/config/merge_config.h"
#include "service/platform/event_log.h"

namespace holdfast {

// Which configuration holds: the last one that was good. A broken edit of the machine's changes
// nothing but fault(). Faults of users and policies leave out what they are about, and nothing
// else; they are told, too.
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
  // What is left out of the one that holds: the SID of who alone is told beside administrators,
  // and a sentence.
  const std::map<std::string, std::string>& left_out() const { return left_out_; }

 private:
  void reject(const std::string& fault);
  void tell_left_out(const EffectiveConfig& config);

  Read read_;
  std::string file_;  // the machine's, for what is told about it
  EventLog& events_;
  std::optional<ConfigSources> last_;
  std::string fault_;
  std::map<std::string, std::string> left_out_;
};

}  // namespace holdfast
