#include "service/command_line/run_texts.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/text.h"

namespace holdfast {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxSentenceBytes = 500;

std::string text(const json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? std::string()
                               : one_line(found->get_ref<const std::string&>(), kMaxSentenceBytes);
}

// What is left to say of a run beside its outcome.
std::string details(const json& record) {
  std::string words = text(record, "archive");
  if (words.empty()) words = text(record, "sentence");
  const std::string reason = text(record, "reason");
  if (!reason.empty()) words += fmt::format("{}({})", words.empty() ? "" : "  ", reason);
  return words;
}

}  // namespace

std::string run_line(const json& report) {
  const json& record = report.at("record");
  const std::string dataset = one_line(record.at("dataset").get_ref<const std::string&>());
  const auto& outcome = record.at("outcome").get_ref<const std::string&>();
  if (outcome == "verified")
    return fmt::format("Verified: {} ({})", text(record, "archive"), dataset);
  const std::string sentence = text(record, "sentence");
  return fmt::format("{} was not backed up: {}", dataset,
                     sentence.empty() ? "the run was " + one_line(outcome) + "." : sentence);
}

bool is_verified(const json& report) {
  return report.at("record").at("outcome") == "verified";
}

std::string history_report(const json& answer) {
  std::size_t widest = 0;
  for (const json& run : answer.at("runs")) {
    widest = std::max(widest, one_line(run.at("dataset").get_ref<const std::string&>()).size());
  }
  std::string report;
  for (const json& run : answer.at("runs")) {
    report += fmt::format("{}  {:<11}  {:<{}}  {:<12}  {}\n",
                          one_line(run.at("started_at").get_ref<const std::string&>()),
                          one_line(run.at("outcome").get_ref<const std::string&>()),
                          one_line(run.at("dataset").get_ref<const std::string&>()), widest,
                          one_line(run.at("cause").get_ref<const std::string&>()), details(run));
  }
  if (report.empty()) return "There was no run yet.\n";
  if (answer.at("more").get<bool>()) report += "There are more.\n";
  return report;
}

std::string acceptance_report(const json& answer) {
  std::string counts;
  for (const auto& [name, count] : answer.at("counts").items()) {
    counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", count.get<std::int64_t>(),
                          one_line(name));
  }
  return fmt::format("Accepted: {} ({})\n",
                     one_line(answer.at("dataset").get_ref<const std::string&>()), counts);
}

std::string retention_report(const json& answer) {
  std::string report;
  for (const json& decision : answer.at("decisions")) {
    const bool is_kept = decision.at("verdict") == "keep";
    report += fmt::format("{:<7} {}  because it is {}\n", is_kept ? "keep" : "delete",
                          one_line(decision.at("archive").get_ref<const std::string&>()),
                          one_line(decision.at("reason").get_ref<const std::string&>()));
  }
  if (report.empty()) return "There are no archives yet.\n";
  if (answer.at("more").get<bool>()) report += "There are more.\n";
  return report;
}

}  // namespace holdfast
