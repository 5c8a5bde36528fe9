#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/clock.h"
#include "service/archive/archive_name.h"
#include "service/platform/time_zone.h"

namespace holdfast {

// How many archives of a dataset are kept. A day, week (ISO, from Monday) or month counts when it
// has archives; it stands for itself by the newest of them. 0 keeps none for this reason.
struct RetentionPolicy {
  int last = 10;
  int daily = 0;
  int weekly = 0;
  int monthly = 0;
  int safety = 5;  // the newest safety archives, apart from all others
};

// What is known of an archive of the dataset in one destination.
struct ArchiveFacts {
  enum class Check { Unknown, Verified, Broken };

  std::string id;  // its file name
  ArchiveName::Kind kind = ArchiveName::Kind::Backup;
  std::string host;
  Time taken_at;
  // Rises with each archive that the catalog saw being made, whatever the clock said.
  std::optional<std::uint64_t> sequence;
  Check check = Check::Unknown;
  std::optional<Time> drilled_at;          // when it last passed a test restore
  std::optional<Time> cloud_confirmed_at;  // when it was surely in the cloud
};

// Whether `a` was made after `b`: by what the catalog saw, and where it saw nothing by the dates.
bool is_newer(const ArchiveFacts& a, const ArchiveFacts& b);

struct RetentionDecision {
  enum class Verdict { Keep, Delete };

  std::string id;
  Verdict verdict = Verdict::Keep;
  std::string reason;  // the end of "It is kept (deleted) because it is ...", for a person
};

// What to do with each archive, in the order they are given.
//
// - Another computer's archives are kept. Safety archives and backups are decided apart.
// - `held_back`, unless it is empty, tells why nothing may be deleted (the damage alarm).
// - Only verified archives count. Of them the policy's are kept, and always the newest, the newest
//   that passed a test restore, and the newest that is surely in the cloud.
// - An unchecked archive is kept as long as the policy would keep it were it verified, but pushes
//   none out: after the catalog is lost, old archives stay until somebody has looked at them.
// - A broken one is kept, for what can be saved of it, until the policy's newest are all newer.
// - Nothing is deleted unless a newer archive is verified.
//
// Newer means of a higher sequence. Archives without one were made before all that have one: the
// catalog did not see it. Among themselves they go by their dates; one whose date is_future() is
// kept and not counted, for nobody knows how old it is.
//
// So the clock decides nothing but that, and on which day an archive counts; whatever it does, as
// many verified archives as `last` says stay, if there are as many. That is why there is no limit
// to how many are deleted at once: only a changed policy deletes many, and that is what was asked
// for. Asked again after the deletions, nothing more is deleted.
std::vector<RetentionDecision> retention(std::span<const ArchiveFacts> archives,
                                         const RetentionPolicy& policy, std::string_view own_host,
                                         const TimeZone& zone, Time now,
                                         std::string_view held_back);

}  // namespace holdfast
