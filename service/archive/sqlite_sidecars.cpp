#include "service/archive/sqlite_sidecars.h"

#include "service/archive/entry_name.h"

namespace holdfast {

bool is_sidecar_of(std::string_view name, std::string_view database) {
  const std::string beside = database_of_sidecar(name);
  return !beside.empty() && beside == folded_name(database);
}

std::string database_of_sidecar(std::string_view name) {
  std::string folded = folded_name(name);
  for (const std::string_view end : kSqliteSidecars) {
    if (!folded.ends_with(end)) continue;
    folded.resize(folded.size() - end.size());
    return folded;
  }
  return {};
}

std::vector<std::string> with_sidecars(const std::string& name) {
  std::vector<std::string> names{name};
  for (const std::string_view end : kSqliteSidecars) names.push_back(name + std::string(end));
  return names;
}

}  // namespace holdfast
