#include "tray/backup_folder.h"

#include <cstddef>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/protocol/messages.h"

namespace holdfast {
namespace {

using nlohmann::json;

void open(const json& dataset, const OnFolderFailure& on_failure) {
  const auto folder = dataset.value("destination", std::string());
  if (!folder.empty()) {
    open_folder(folder, on_failure);
    return;
  }
  const std::string why = dataset.value("problem", dataset.value("waits", std::string()));
  on_failure(why.empty() ? "It is not known yet where the backups go." : why);
}

void look_for(ServiceCalls& calls, const void* asker, const std::string& dataset,
              OnFolderFailure on_failure, std::size_t offset) {
  calls.ask(
      asker, method::kDatasetsList, {{"offset", offset}},
      [&calls, asker, dataset, on_failure = std::move(on_failure)](const CallOutcome& outcome) {
        if (outcome.failure) {
          on_failure(outcome.failure->line());
          return;
        }
        for (const json& known : outcome.result.at("datasets")) {
          if (known.at("dataset") == dataset) {
            open(known, on_failure);
            return;
          }
        }
        if (outcome.result.at("more").get<bool>()) {
          look_for(calls, asker, dataset, on_failure, outcome.result.at("next").get<std::size_t>());
        }
      });
}

}  // namespace

void open_backup_folder(ServiceCalls& calls, const void* asker, const std::string& dataset,
                        OnFolderFailure on_failure) {
  look_for(calls, asker, dataset, std::move(on_failure), 0);
}

}  // namespace holdfast
