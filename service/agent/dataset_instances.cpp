#include "service/agent/dataset_instances.h"

#include <algorithm>
#include <variant>

#include <fmt/format.h>

namespace holdfast {
namespace {

constexpr char kOwnerMark = '@';

class Instances {
 public:
  explicit Instances(const InstanceFacts& facts) : facts_(facts) {}

  void add(const EffectiveDataset& configured) {
    if (!configured.owner.empty()) {
      add_of(configured, configured.owner);
    } else if (is_per_user(configured.dataset)) {
      add_of_everybody(configured);
    } else if (const std::string owner = owner_of_paths(configured.dataset); !owner.empty()) {
      EffectiveDataset own = configured;
      own.owner = owner;
      add_of(own, owner);
    } else {
      found_.push_back({.configured = configured, .key = configured.dataset.id});
    }
  }

  std::vector<DatasetInstance> take() { return std::move(found_); }

 private:
  void add_of_everybody(const EffectiveDataset& configured) {
    const std::size_t before = found_.size();
    for (const PresentUser& present : facts_.users) add_of(configured, present.user.sid);
    for (const std::string& key : facts_.known) {
      const std::string owner = dataset_owner(key);
      const bool is_absent = !owner.empty() && find(owner) == nullptr;
      if (is_absent && key == dataset_key(configured.dataset.id, owner)) add_of(configured, owner);
    }
    if (found_.size() != before) return;
    found_.push_back({.configured = configured,
                      .key = configured.dataset.id,
                      .waits = "Waits until a user signs in."});
  }

  void add_of(const EffectiveDataset& configured, const std::string& owner) {
    DatasetInstance instance{.configured = configured,
                             .key = dataset_key(configured.dataset.id, owner),
                             .owner = owner,
                             .user = find(owner)};
    const std::string name =
        instance.user == nullptr ? facts_.profile_name(owner) : instance.user->user.name;
    if (instance.user == nullptr) instance.waits = fmt::format("Waits until {} signs in.", name);
    // There is one for each user, and an administrator sees them all.
    if (configured.owner.empty()) {
      instance.configured.dataset.title = fmt::format("{} ({})", configured.dataset.title, name);
    }
    found_.push_back(std::move(instance));
  }

  std::string owner_of_paths(const Dataset& dataset) const {
    const auto* folder = std::get_if<FolderDestination>(&dataset.destination);
    std::string owner = facts_.profile_owner(dataset.database);
    return owner.empty() && folder != nullptr ? facts_.profile_owner(folder->folder) : owner;
  }

  const PresentUser* find(const std::string& sid) const {
    const auto found = std::ranges::find_if(
        facts_.users, [&](const PresentUser& present) { return present.user.sid == sid; });
    return found == facts_.users.end() ? nullptr : &*found;
  }

  const InstanceFacts& facts_;
  std::vector<DatasetInstance> found_;
};

}  // namespace

std::vector<DatasetInstance> dataset_instances(std::span<const EffectiveDataset> configured,
                                               const InstanceFacts& facts) {
  Instances instances(facts);
  for (const EffectiveDataset& dataset : configured) {
    if (dataset.dataset.enabled) instances.add(dataset);
  }
  return instances.take();
}

std::string dataset_key(std::string_view id, std::string_view owner) {
  return owner.empty() ? std::string(id) : fmt::format("{}{}{}", id, kOwnerMark, owner);
}

std::string dataset_owner(std::string_view key) {
  const std::size_t at = key.find(kOwnerMark);
  return at == std::string_view::npos ? std::string() : std::string(key.substr(at + 1));
}

}  // namespace holdfast
