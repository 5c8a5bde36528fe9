#include "service/agent/archive_methods.h"

#include "common/protocol/messages.h"
#include "service/agent/answer_page.h"
#include "service/agent/method_parameters.h"
#include "service/catalog/catalog_words.h"

namespace holdfast {
namespace {

using nlohmann::json;

constexpr int kMostArchives = 1000;
constexpr int kArchivesUnlessSaid = 100;

json told(const ArchiveRecord& archive) {
  json told = {{"archive", archive.file_name}, {"destination", archive.destination},
               {"host", archive.host},         {"format", word(archive.format)},
               {"kind", word(archive.kind)},   {"taken_at", utc_text(archive.taken_at)},
               {"bytes", archive.bytes},       {"check", word(archive.check)},
               {"counts", archive.counts}};
  const std::pair<const char*, const std::optional<Time>*> times[] = {
      {"checked_at", &archive.checked_at},
      {"drilled_at", &archive.drilled_at},
      {"cloud_since", &archive.cloud_since},
      {"cloud_confirmed_at", &archive.cloud_confirmed_at}};
  for (const auto& [key, time] : times) {
    if (*time) told[key] = utc_text(**time);
  }
  const std::pair<const char*, const std::string*> texts[] = {
      {"reason", &archive.reason},
      {"user", &archive.user},
      {"fault", &archive.fault},
      {"cloud", &archive.cloud_state},
      {"cloud_reason", &archive.cloud_sentence},
      {"conflict_of", &archive.conflict_of}};
  for (const auto& [key, text] : texts) {
    if (!text->empty()) told[key] = *text;
  }
  return told;
}

// Of a copy that OneDrive made, whether it is the same as the archive, where both were read.
void compare(json& told, const ArchiveRecord& copy, const std::vector<ArchiveRecord>& archives) {
  if (copy.conflict_of.empty() || copy.file_hash.empty()) return;
  for (const ArchiveRecord& archive : archives) {
    const bool is_original =
        archive.file_name == copy.conflict_of && archive.destination == copy.destination;
    if (!is_original || archive.file_hash.empty()) continue;
    told["same_content"] = has_same_content(copy, archive);
  }
}

json told_among(const ArchiveRecord& archive, const std::vector<ArchiveRecord>& archives) {
  json all = told(archive);
  compare(all, archive, archives);
  return all;
}

json list(const Protection& protection, const Call& call) {
  const MethodParameters parameters(call.params);
  const auto& archives = protection.archives(parameters.dataset());
  const auto limit = static_cast<std::size_t>(
      parameters.number("limit", 1, kMostArchives).value_or(kArchivesUnlessSaid));
  std::size_t place = parameters.offset();
  AnswerPage page;
  for (; place < archives.size(); ++place) {
    if (page.items.size() == limit) page.has_more = true;
    if (!page.add(told_among(archives[place], archives))) break;
  }
  json answer = {{"archives", page.items}, {"more", page.has_more}, {"total", archives.size()}};
  if (page.has_more) answer["next"] = place;
  return answer;
}

void verify(Protection& protection, const Call& call, const Reply& reply) {
  const MethodParameters parameters(call.params);
  protection.verify_archive(
      parameters.dataset(), parameters.archive(),
      [reply](const ArchiveRecord& archive, const std::optional<Error>& why_not) {
        why_not ? reply.fail(*why_not) : reply.with(told(archive));
      });
}

void remove(Protection& protection, const Call& call, const Reply& reply) {
  const MethodParameters parameters(call.params);
  protection.delete_archive(
      parameters.dataset(), parameters.archive(), call.caller.user_sid,
      [reply](const ArchiveRecord& archive, const std::optional<Error>& why_not) {
        why_not ? reply.fail(*why_not) : reply.with({{"deleted", archive.file_name}});
      });
}

}  // namespace

void offer_archive_methods(MethodGate& gate, Protection& protection) {
  gate.offer(method::kArchiveList,
             [&protection](const Call& call) { return list(protection, call); });
  gate.offer_late(method::kArchiveVerify, [&protection](const Call& call, const Reply& reply) {
    verify(protection, call, reply);
  });
  gate.offer_late(method::kArchiveDelete, [&protection](const Call& call, const Reply& reply) {
    remove(protection, call, reply);
  });
}

}  // namespace holdfast
