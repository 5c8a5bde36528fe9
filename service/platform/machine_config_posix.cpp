#include "service/platform/machine_config.h"

namespace holdfast {

std::optional<std::filesystem::path> config_folder() {
  return std::nullopt;
}

Policies group_policies() {
  return {};
}

}  // namespace holdfast
