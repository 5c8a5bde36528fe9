#include "service/command_line/dataset_choice.h"

#include <vector>

#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/protocol/messages.h"
#include "common/text.h"
#include "service/command_line/command_options.h"
#include "service/command_line/open_connection.h"

namespace holdfast {

namespace po = boost::program_options;

std::string dataset_choice(ServiceConnection& service, const po::variables_map& options) {
  if (auto said = optional_operand(options, "dataset", "DATASET")) return *std::move(said);
  const Status status =
      status_from(service.call(method::kStatus, nlohmann::json::object(), kServiceDeadline));
  if (status.datasets.size() == 1) return status.datasets.front().id;
  if (status.datasets.empty()) {
    throw Error(ErrorCode::Usage, "No dataset is configured.", "Add one to the configuration.");
  }
  std::string ids;
  for (const DatasetStatus& dataset : status.datasets) {
    ids += (ids.empty() ? "" : ", ") + one_line(dataset.id);
  }
  throw Error(ErrorCode::Usage, "There are several datasets: " + ids + ".", "Name one of them.");
}

void add_dataset_choice(po::options_description& options) {
  options.add_options()("dataset", po::value<std::vector<std::string>>()->value_name("DATASET"),
                        "which dataset, by its id; not needed where there is only one");
}

}  // namespace holdfast
