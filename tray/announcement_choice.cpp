#include "tray/announcement_choice.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <nlohmann/json.hpp>

namespace holdfast {
namespace {

using Mark = Announcement::Mark;
using Trouble = AnnouncementChoice::Trouble;

struct TroubleEvent {
  int event;
  Trouble trouble;
  Mark mark;
};
constexpr std::array kTroubleEvents{
    TroubleEvent{2100, Trouble::Backup, Mark::Warning},
    TroubleEvent{3100, Trouble::Backup, Mark::Error},
    TroubleEvent{3102, Trouble::Backup, Mark::Error},
    TroubleEvent{3103, Trouble::Backup, Mark::Error},
    TroubleEvent{3101, Trouble::Damage, Mark::Error},
    TroubleEvent{3104, Trouble::Numbers, Mark::Error},
    TroubleEvent{3110, Trouble::Restore, Mark::Error},
    TroubleEvent{3120, Trouble::Drill, Mark::Error},
    TroubleEvent{2110, Trouble::Cloud, Mark::Warning},
    TroubleEvent{2120, Trouble::Copy, Mark::Warning},
};

// Which events end which trouble, as the page of the events has it. What is wrong with the service
// itself is told by its status.
struct End {
  int event;
  Trouble trouble;
};
constexpr std::array kEnds{
    End{1100, Trouble::Backup},  End{1101, Trouble::Backup},  End{1100, Trouble::Damage},
    End{1101, Trouble::Damage},  End{1110, Trouble::Damage},  End{1111, Trouble::Damage},
    End{1102, Trouble::Numbers}, End{1131, Trouble::Numbers}, End{1110, Trouble::Restore},
    End{1111, Trouble::Restore}, End{1120, Trouble::Drill},   End{1130, Trouble::Cloud},
};

// What is told to those who want to know all.
struct GoodNews {
  int event;
  std::string_view title;
};
constexpr std::array kGoodNews{
    GoodNews{1100, "Backed up"},         GoodNews{1103, "A backup was deleted"},
    GoodNews{1110, "Restored"},          GoodNews{1111, "A restore was undone"},
    GoodNews{1120, "Proven restorable"}, GoodNews{1130, "In the cloud"},
};

std::string_view begin_words(Trouble trouble) {
  switch (trouble) {
    case Trouble::Backup: return "Not backed up";
    case Trouble::Damage: return "The database is damaged";
    case Trouble::Numbers: return "Data may be lost";
    case Trouble::Restore: return "Not restored";
    case Trouble::Drill: return "A test restore failed";
    case Trouble::Cloud: return "Not in the cloud";
    case Trouble::Copy: break;
  }
  return "A copy of a backup differs";
}

std::string_view end_words(Trouble trouble) {
  switch (trouble) {
    case Trouble::Backup: return "Backed up again";
    case Trouble::Damage: return "The database is sound again";
    case Trouble::Numbers: return "The numbers are right again";
    case Trouble::Drill: return "The test restore passes again";
    case Trouble::Cloud: return "In the cloud again";
    case Trouble::Restore:
    case Trouble::Copy: break;
  }
  return "All is well again";
}

// The trouble that a health is, where it is one that people are to be told of. That nothing is
// protected yet is none: the icon says so.
std::optional<TroubleEvent> trouble_of(Health health) {
  switch (health) {
    case Health::Damaged: return TroubleEvent{0, Trouble::Damage, Mark::Error};
    case Health::Failed: return TroubleEvent{0, Trouble::Backup, Mark::Error};
    case Health::Stale: return TroubleEvent{0, Trouble::Backup, Mark::Warning};
    case Health::Waiting: return TroubleEvent{0, Trouble::Cloud, Mark::Warning};
    case Health::Attention:
    case Health::None:
    case Health::Working:
    case Health::Protected: break;
  }
  return std::nullopt;
}

template <typename Table>
auto entry_of(const Table& table, int event) {
  return std::ranges::find(table, event, [](const auto& entry) { return entry.event; });
}

}  // namespace

Notice notice_from(const nlohmann::json& params) {
  Notice notice{.event = params.at("event").get<int>(),
                .text = params.at("text").get<std::string>()};
  if (params.contains("dataset")) notice.dataset = params.at("dataset").get<std::string>();
  return notice;
}

std::optional<Announcement> AnnouncementChoice::on_connected(const Status& status) {
  remember(status);
  std::optional<Announcement> worst;
  Health worst_health = Health::Protected;
  for (const DatasetStatus& dataset : status.datasets) {
    // Its end may have gone by unheard: to tell the next trouble twice is better than not at all.
    if (alert(dataset.health) == Alert::Fine) {
      std::erase_if(told_, [&dataset](const auto& told) { return told.first == dataset.id; });
    }
    const auto trouble = trouble_of(dataset.health);
    if (!trouble || notify_of(dataset.id) == "never") continue;
    if (!told_.insert({dataset.id, trouble->trouble}).second) continue;
    if (worst && dataset.health <= worst_health) continue;
    worst_health = dataset.health;
    worst = announced(trouble->mark, begin_words(trouble->trouble),
                      {.dataset = dataset.id, .text = dataset.headline});
  }
  return worst;
}

std::optional<Announcement> AnnouncementChoice::on_status(const Status& status) {
  remember(status);
  const std::set<std::string> before =
      std::exchange(told_faults_, {status.faults.begin(), status.faults.end()});
  const auto is_new = [&before](const std::string& fault) { return !before.contains(fault); };
  const auto fault = std::ranges::find_if(status.faults, is_new);
  if (fault != status.faults.end()) {
    return announced(Mark::Warning, "Attention is needed", {.text = *fault});
  }
  if (before.empty() || !status.faults.empty()) return std::nullopt;
  return announced(Mark::Information, "All is well again",
                   {.text = "What was wrong with Holdfast's service is over."});
}

void AnnouncementChoice::remember(const Status& status) {
  datasets_.clear();
  for (const DatasetStatus& dataset : status.datasets) {
    datasets_[dataset.id] = {.title = dataset.title, .notify = dataset.notify};
  }
}

std::optional<Announcement> AnnouncementChoice::on_notice(const Notice& notice) {
  if (notify_of(notice.dataset) == "never") return std::nullopt;
  const auto* const trouble = entry_of(kTroubleEvents, notice.event);
  if (trouble == kTroubleEvents.end()) return on_end(notice);
  const bool is_new = told_.insert({notice.dataset, trouble->trouble}).second;
  // The service tells of each copy once.
  if (!is_new && trouble->trouble != Trouble::Copy) return std::nullopt;
  return announced(trouble->mark, begin_words(trouble->trouble), notice);
}

std::optional<Announcement> AnnouncementChoice::on_end(const Notice& notice) {
  std::optional<Announcement> told;
  for (const End& end : kEnds) {
    if (end.event != notice.event || told_.erase({notice.dataset, end.trouble}) == 0) continue;
    if (!told) told = announced(Mark::Information, end_words(end.trouble), notice);
  }
  if (told || notify_of(notice.dataset) != "all") return told;
  const auto* const news = entry_of(kGoodNews, notice.event);
  if (news == kGoodNews.end()) return std::nullopt;
  return announced(Mark::Information, news->title, notice);
}

Announcement AnnouncementChoice::announced(Mark mark, std::string_view what,
                                           const Notice& notice) const {
  const auto known = datasets_.find(notice.dataset);
  std::string title(what);
  if (known != datasets_.end()) title = known->second.title + ": " + title;
  return {.mark = mark, .title = std::move(title), .text = notice.text, .dataset = notice.dataset};
}

std::string_view AnnouncementChoice::notify_of(const std::string& dataset) const {
  const auto known = datasets_.find(dataset);
  return known == datasets_.end() ? std::string_view("failures") : known->second.notify;
}

}  // namespace holdfast
