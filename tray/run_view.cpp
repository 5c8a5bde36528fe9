#include "tray/run_view.h"

#include <algorithm>
#include <string_view>

#include <nlohmann/json.hpp>

#include "common/text.h"

namespace holdfast {
namespace {

using nlohmann::json;
using Kind = RunView::Kind;
using State = RunView::State;

constexpr std::size_t kMaxSentenceBytes = 2000;

std::string text(const json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? std::string()
                               : one_line(found->get_ref<const std::string&>(), kMaxSentenceBytes);
}

Kind kind_of(std::string_view word) {
  if (word == "restore") return Kind::Restore;
  return word == "drill" ? Kind::Drill : Kind::Backup;
}

std::string_view doing(Kind kind) {
  switch (kind) {
    case Kind::Restore: return "Restoring";
    case Kind::Drill: return "Testing a restore";
    case Kind::Backup: break;
  }
  return "Backing up";
}

// Each phase counts its own bytes.
void add_progress(RunView& view, const json& report) {
  view.words = doing(view.kind);
  if (const std::string phase = text(report, "phase"); !phase.empty()) view.words += ": " + phase;
  view.can_be_cancelled = report.at("can_be_cancelled").get<bool>();
  const auto total = report.at("total_bytes").get<std::uint64_t>();
  if (total == 0) return;
  const double part = static_cast<double>(report.at("done_bytes").get<std::uint64_t>()) /
                      static_cast<double>(total);
  view.percent = static_cast<int>(std::clamp(part, 0.0, 1.0) * 100);
  view.words += ", " + std::to_string(*view.percent) + "%";
}

void add_end(RunView& view, const json& record) {
  const std::string outcome = text(record, "outcome");
  view.is_good = outcome == "verified" || outcome == "unchanged";
  view.is_cancelled = outcome == "cancelled";
  view.code = text(record, "code");
  view.sentence = text(record, "sentence");
  view.archive = text(record, "archive");
}

}  // namespace

RunView run_view(const json& report) {
  RunView view{.run = report.at("run").get<std::int64_t>(),
               .dataset = report.at("dataset").get<std::string>()};
  const std::string state = text(report, "state");
  if (state == "queued") {
    view.words = "Waiting to begin";
    return view;
  }
  const json& record = report.at("record");
  view.kind = kind_of(text(record, "kind"));
  view.state = state == "ended" ? State::Ended : State::Running;
  if (view.state == State::Ended) {
    add_end(view, record);
  } else {
    add_progress(view, report);
  }
  return view;
}

}  // namespace holdfast
