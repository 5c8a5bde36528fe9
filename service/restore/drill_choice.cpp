#include "service/restore/drill_choice.h"

#include <algorithm>

namespace holdfast {
namespace {

bool can_be_drilled(const ArchiveRecord& archive, std::string_view destination,
                    std::string_view host) {
  return archive.destination == destination && archive.host == host &&
         archive.format == ArchiveFormat::Holdfast && archive.kind == ArchiveName::Kind::Backup &&
         archive.check == ArchiveFacts::Check::Verified && archive.conflict_of.empty() &&
         archive.is_local;
}

ArchiveFacts order_of(const ArchiveRecord& archive) {
  return {.id = archive.file_name, .taken_at = archive.taken_at, .sequence = archive.sequence};
}

Time proven_at(const ArchiveRecord& archive) {
  return archive.drilled_at.value_or(archive.taken_at);
}

}  // namespace

std::vector<std::string> drill_choice(std::span<const ArchiveRecord> archives,
                                      std::string_view destination, std::string_view host,
                                      std::uint64_t random) {
  std::vector<const ArchiveRecord*> good;
  for (const ArchiveRecord& archive : archives) {
    if (can_be_drilled(archive, destination, host)) good.push_back(&archive);
  }
  if (good.empty()) return {};
  const auto newest =
      std::ranges::max_element(good, [](const ArchiveRecord* a, const ArchiveRecord* b) {
        return is_newer(order_of(*b), order_of(*a));
      });
  std::vector<std::string> chosen{(*newest)->file_name};
  good.erase(newest);
  if (good.empty()) return chosen;
  std::ranges::sort(good, {}, [](const ArchiveRecord* archive) {
    return std::pair(proven_at(*archive), std::string_view(archive->file_name));
  });
  const std::size_t half = (good.size() + 1) / 2;
  chosen.push_back(good[static_cast<std::size_t>(random % half)]->file_name);
  return chosen;
}

bool is_drill_due(const std::optional<Time>& last_drilled,
                  const std::optional<std::chrono::seconds>& every, Time now) {
  if (!every) return false;
  return !last_drilled || is_future(*last_drilled, now) || now - *last_drilled >= *every;
}

}  // namespace holdfast
