#include "service/report/report_facts.h"

#include <nlohmann/json.hpp>

#include "service/catalog/catalog_words.h"

namespace holdfast {
namespace {

using nlohmann::json;

const std::string& word_of(const json& object, const char* key) {
  return object.at(key).get_ref<const std::string&>();
}

}  // namespace

ReportRun report_run_from(const json& run) {
  ReportRun read{
      .kind = value_in(kRunKinds, word_of(run, "kind")).value_or(RunKind::Backup),
      .outcome = value_in(kRunOutcomes, word_of(run, "outcome")).value_or(RunOutcome::Failed),
      .started_at = time_from(word_of(run, "started_at"))};
  if (run.contains("ended_at")) read.ended_at = time_from(word_of(run, "ended_at"));
  if (run.contains("sentence")) read.sentence = word_of(run, "sentence");
  return read;
}

ReportArchive report_archive_from(const json& archive) {
  return {
      .host = word_of(archive, "host"),
      .taken_at = time_from(word_of(archive, "taken_at")),
      .bytes = archive.at("bytes").get<std::uint64_t>(),
      .kind = value_in(kArchiveKinds, word_of(archive, "kind")).value_or(ArchiveName::Kind::Backup),
      .check = value_in(kChecks, word_of(archive, "check")).value_or(ArchiveFacts::Check::Unknown),
      .is_copy = archive.contains("conflict_of")};
}

}  // namespace holdfast
