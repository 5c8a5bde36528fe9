#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json_fwd.hpp>

#include "common/protocol/messages.h"

namespace holdfast {

// What the service told of by `notice`.
struct Notice {
  int event = 0;
  std::string dataset;  // empty when it is about none
  std::string text;
};
// Throws nlohmann::json::exception for what is no notice.
Notice notice_from(const nlohmann::json& params);

// What pops up beside the icon.
struct Announcement {
  enum class Mark { Information, Warning, Error } mark = Mark::Information;
  std::string title;
  std::string text;
  std::string dataset;  // that it is about; empty when it is about none
  // What a click on it opens: of a dataset, or of the service, there is more in the history.
  enum class Click { History, Nothing } click = Click::History;

  bool operator==(const Announcement&) const = default;
};

// Which of the service's events pop up on the screen: of a trouble the first, and its end; all or
// nothing where the dataset's setting "notify" says so. Pure; it remembers what was shown, so that
// neither a new connection nor a restart of the service tells the same again.
class AnnouncementChoice {
 public:
  // Begins to follow a service. Whoever signs in learns what went wrong before; of several troubles
  // the worst.
  std::optional<Announcement> on_connected(const Status& status);
  // Tells the service's own faults: each when it comes, and when none is left.
  std::optional<Announcement> on_status(const Status& status);
  std::optional<Announcement> on_notice(const Notice& notice);

  enum class Trouble { Backup, Damage, Numbers, Restore, Drill, Cloud, Copy };

 private:
  struct Known {
    std::string title;
    std::string notify;
  };

  void remember(const Status& status);
  std::optional<Announcement> on_end(const Notice& notice);
  Announcement announced(Announcement::Mark mark, std::string_view what,
                         const Notice& notice) const;
  std::string_view notify_of(const std::string& dataset) const;

  std::map<std::string, Known> datasets_;
  std::set<std::pair<std::string, Trouble>> told_;
  std::set<std::string> told_faults_;
};

}  // namespace holdfast
