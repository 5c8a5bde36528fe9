#include "service/retention/manual_deletion.h"

#include <algorithm>

#include <fmt/format.h>

namespace holdfast {
namespace {

using Check = ArchiveFacts::Check;

// Whether it has the fact, and none that is newer has it: the last one that has.
template <typename HasFact>
bool is_last_with(const ArchiveFacts& archive, std::span<const ArchiveFacts> archives,
                  std::string_view own_host, HasFact has_fact) {
  return has_fact(archive) && std::ranges::none_of(archives, [&](const ArchiveFacts& other) {
           return other.host == own_host && other.check != Check::Broken && has_fact(other) &&
                  is_newer(other, archive);
         });
}

bool has_newer_verified(const ArchiveFacts& archive, std::span<const ArchiveFacts> archives,
                        std::string_view own_host) {
  return std::ranges::any_of(archives, [&](const ArchiveFacts& other) {
    return other.host == own_host && other.kind == ArchiveName::Kind::Backup &&
           other.check == Check::Verified && is_newer(other, archive);
  });
}

}  // namespace

std::string manual_deletion_refusal(const ArchiveFacts& archive,
                                    std::span<const ArchiveFacts> archives,
                                    std::string_view own_host, std::string_view held_back) {
  if (archive.host != own_host) {
    return fmt::format("made by another computer, {}: delete it there", archive.host);
  }
  if (!held_back.empty()) return fmt::format("needed as long as {}", held_back);
  if (!has_newer_verified(archive, archives, own_host)) {
    return archive.check == Check::Verified ? "the newest verified backup"
                                            : "newer than every verified backup";
  }
  if (archive.check == Check::Broken) return {};
  if (is_last_with(archive, archives, own_host,
                   [](const ArchiveFacts& one) { return one.drilled_at.has_value(); })) {
    return "the last that passed a test restore";
  }
  if (is_last_with(archive, archives, own_host,
                   [](const ArchiveFacts& one) { return one.cloud_confirmed_at.has_value(); })) {
    return "the last that is surely in the cloud";
  }
  return {};
}

}  // namespace holdfast
