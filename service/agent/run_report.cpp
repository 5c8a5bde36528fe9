#include "service/agent/run_report.h"

#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "service/catalog/catalog_words.h"

namespace holdfast {
namespace {

std::string_view name(RunReport::State state) {
  switch (state) {
    case RunReport::State::Queued: return "queued";
    case RunReport::State::Running: return "running";
    case RunReport::State::Ended: break;
  }
  return "ended";
}

}  // namespace

void to_json(nlohmann::json& json, const RunRecord& run) {
  json = {{"id", run.id},
          {"dataset", run.dataset},
          {"kind", word(run.kind)},
          {"cause", run.cause},
          {"started_at", utc_text(run.started_at)},
          {"outcome", word(run.outcome)}};
  if (run.ended_at) json["ended_at"] = utc_text(*run.ended_at);
  const std::pair<const char*, const std::string*> texts[] = {
      {"reason", &run.reason}, {"user", &run.user},       {"archive", &run.archive},
      {"source", &run.source}, {"code", &run.error_code}, {"sentence", &run.sentence}};
  for (const auto& [key, text] : texts) {
    if (!text->empty()) json[key] = *text;
  }
}

void to_json(nlohmann::json& json, const RunReport& report) {
  json = {
      {"run", report.ticket}, {"dataset", report.record.dataset}, {"state", name(report.state)}};
  if (report.state == RunReport::State::Queued) return;
  json["record"] = report.record;
  if (report.state == RunReport::State::Ended) return;
  json["phase"] = report.progress.phase;
  json["done_bytes"] = report.progress.done_bytes;
  json["total_bytes"] = report.progress.total_bytes;
  json["can_be_cancelled"] = report.progress.can_be_cancelled;
}

}  // namespace holdfast
