#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "service/catalog/catalog_records.h"

namespace holdfast {

// The words for what is recorded: in the catalog's tables and in the protocol. They never change.
template <typename Value, std::size_t kCount>
using Words = std::array<std::pair<Value, std::string_view>, kCount>;

constexpr Words<RunKind, 3> kRunKinds{
    {{RunKind::Backup, "backup"}, {RunKind::Restore, "restore"}, {RunKind::Drill, "drill"}}};
constexpr Words<RunOutcome, 6> kRunOutcomes{{{RunOutcome::Running, "running"},
                                             {RunOutcome::Verified, "verified"},
                                             {RunOutcome::Unchanged, "unchanged"},
                                             {RunOutcome::Failed, "failed"},
                                             {RunOutcome::Cancelled, "cancelled"},
                                             {RunOutcome::Interrupted, "interrupted"}}};
constexpr Words<ArchiveFormat, 4> kArchiveFormats{{{ArchiveFormat::Holdfast, "holdfast"},
                                                   {ArchiveFormat::RvuDatabase, "rvu_database"},
                                                   {ArchiveFormat::LegacyZip, "legacy_zip"},
                                                   {ArchiveFormat::LegacyFolder, "legacy_folder"}}};
constexpr Words<ArchiveName::Kind, 2> kArchiveKinds{
    {{ArchiveName::Kind::Backup, "backup"}, {ArchiveName::Kind::Safety, "safety"}}};
constexpr Words<ArchiveFacts::Check, 3> kChecks{{{ArchiveFacts::Check::Unknown, "unknown"},
                                                 {ArchiveFacts::Check::Verified, "verified"},
                                                 {ArchiveFacts::Check::Broken, "broken"}}};

template <typename Value, std::size_t kCount>
constexpr std::string_view word_in(const Words<Value, kCount>& words, Value value) {
  return std::ranges::find(words, value, &std::pair<Value, std::string_view>::first)->second;
}

// Nothing for a word that is none of them.
template <typename Value, std::size_t kCount>
constexpr std::optional<Value> value_in(const Words<Value, kCount>& words, std::string_view word) {
  const auto found = std::ranges::find(words, word, &std::pair<Value, std::string_view>::second);
  if (found == words.end()) return std::nullopt;
  return found->first;
}

// "verified, failed, ...", for whoever used another.
template <typename Value, std::size_t kCount>
std::string list_of(const Words<Value, kCount>& words) {
  std::string list;
  for (const auto& [value, word] : words) list.append(list.empty() ? "" : ", ").append(word);
  return list;
}

constexpr std::string_view word(RunKind kind) {
  return word_in(kRunKinds, kind);
}
constexpr std::string_view word(RunOutcome outcome) {
  return word_in(kRunOutcomes, outcome);
}
constexpr std::string_view word(ArchiveFormat format) {
  return word_in(kArchiveFormats, format);
}
constexpr std::string_view word(ArchiveName::Kind kind) {
  return word_in(kArchiveKinds, kind);
}
constexpr std::string_view word(ArchiveFacts::Check check) {
  return word_in(kChecks, check);
}

}  // namespace holdfast
