#include "tray/history_reader.h"

#include <exception>
#include <iterator>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/protocol/messages.h"

namespace holdfast {
namespace {

using nlohmann::json;

constexpr int kPage = 1000;
constexpr std::size_t kMostRuns = 3000;

}  // namespace

void HistoryReader::stop() {
  calls_.forget(this);
  is_reading_ = false;
}

void HistoryReader::read(const std::string& dataset, RunsShown shown) {
  stop();
  dataset_ = dataset;
  shown_ = shown;
  rows_.clear();
  runs_ = 0;
  is_reading_ = true;
  ask_for_archives(0);
}

void HistoryReader::ask_for_archives(std::size_t offset) {
  calls_.ask(this, method::kArchiveList,
             {{"dataset", dataset_}, {"limit", kPage}, {"offset", offset}},
             [this](const CallOutcome& outcome) {
               take(outcome, [this](const json& page) {
                 auto rows = archive_rows(page);
                 std::ranges::move(rows, std::back_inserter(rows_));
                 if (page.at("more").get<bool>()) {
                   ask_for_archives(page.at("next").get<std::size_t>());
                 } else {
                   ask_for_runs(0);
                 }
               });
             });
}

void HistoryReader::ask_for_runs(std::int64_t before) {
  json question = {{"dataset", dataset_}, {"limit", kPage}};
  if (before > 0) question["before"] = before;
  calls_.ask(this, method::kHistory, question, [this](const CallOutcome& outcome) {
    take(outcome, [this](const json& page) {
      auto rows = run_rows(page, shown_);
      std::ranges::move(rows, std::back_inserter(rows_));
      runs_ += page.at("runs").size();
      if (page.at("more").get<bool>() && runs_ < kMostRuns) {
        ask_for_runs(page.at("next").get<std::int64_t>());
      } else {
        finish();
      }
    });
  });
}

void HistoryReader::take(const CallOutcome& outcome, const std::function<void(const json&)>& use) {
  if (outcome.failure) {
    is_reading_ = false;
    told_.failure(*outcome.failure);
    return;
  }
  try {
    use(outcome.result);
  } catch (const std::exception& surprise) {
    is_reading_ = false;
    told_.failure(
        Error(ErrorCode::Internal,
              std::string("The service's answer cannot be understood: ") + surprise.what(),
              "Install the same version of all of Holdfast."));
  }
}

void HistoryReader::finish() {
  is_reading_ = false;
  told_.rows(std::exchange(rows_, {}));
}

}  // namespace holdfast
