#include "tray/preview_reader.h"

#include <exception>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/fetch_file.h"
#include "common/protocol/messages.h"
#include "tray/restore_view.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

// Where what is there is large, on a slow disk.
constexpr auto kPreviewDeadline = 5min;
constexpr int kPage = 1000;

}  // namespace

void PreviewReader::read(const std::string& dataset, const std::string& archive,
                         std::function<void()> on_news) {
  stop();
  dataset_ = dataset;
  archive_ = archive;
  on_news_ = std::move(on_news);
  is_fetched_ = false;
  asked_ = 0;
  ask();
}

void PreviewReader::stop() {
  calls_.forget(this);
  fetch_.stop();
}

void PreviewReader::ask() {
  calls_.ask(
      this, method::kArchivePreview, {{"dataset", dataset_}, {"archive", archive_}},
      [this](const CallOutcome& outcome) {
        if (outcome.failure) {
          take_failure(*outcome.failure);
        } else {
          take(outcome, told_.preview);
        }
      },
      kPreviewDeadline);
}

void PreviewReader::ask_again() {
  ++asked_;
  ask();
}

void PreviewReader::take(const CallOutcome& outcome,
                         const std::function<void(const json&)>& use) const {
  if (outcome.failure) {
    told_.failure(*outcome.failure);
    return;
  }
  try {
    use(outcome.result);
  } catch (const std::exception& surprise) {
    told_.failure(
        Error(ErrorCode::Internal,
              std::string("The service's answer cannot be understood: ") + surprise.what(),
              "Install the same version of all of Holdfast."));
  }
}

void PreviewReader::take_failure(const Error& failure) {
  if (failure.code() != ErrorCode::ArchiveInCloud || asked_ == kMostQuestionsAfterFetch) {
    told_.failure(failure);
  } else if (is_fetched_) {
    told_.wait(kAskAgainAfterFetch);
  } else {
    told_.fetching(fetch_words(0, 0), std::nullopt);
    look_for_archive(0);
  }
}

void PreviewReader::look_for_archive(std::size_t offset) {
  calls_.ask(this, method::kArchiveList,
             {{"dataset", dataset_}, {"limit", kPage}, {"offset", offset}},
             [this](const CallOutcome& outcome) {
               take(outcome, [this](const json& page) {
                 const std::string path = archive_path(page, archive_);
                 if (!path.empty()) {
                   fetch_.start(path, kFetchPatience, on_news_);
                 } else if (page.at("more").get<bool>()) {
                   look_for_archive(page.at("next").get<std::size_t>());
                 } else {
                   told_.failure(Error(ErrorCode::NotFound,
                                       "The service knows no archive " + archive_ + " any more.",
                                       "Choose another one in the history."));
                 }
               });
             });
}

void PreviewReader::take_news() {
  const auto news = fetch_.take_news();
  if (!news) return;
  if (news->failure) {
    told_.failure(*news->failure);
  } else if (news->has_ended) {
    is_fetched_ = true;
    ask();
  } else {
    told_.fetching(fetch_words(news->done_bytes, news->total_bytes),
                   fetch_percent(news->done_bytes, news->total_bytes));
  }
}

}  // namespace holdfast
