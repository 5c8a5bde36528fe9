#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "service/cloud/cloud_roots.h"
#include "service/config/merge_config.h"
#include "service/platform/signed_in_users.h"

namespace holdfast {

// A user who is signed in, and where this user's OneDrive is.
struct PresentUser {
  SignedInUser user;
  OneDriveFacts one_drive;
  std::vector<CloudRoot> roots;  // that are there

  bool operator==(const PresentUser&) const = default;
};

// A configured dataset as this machine has it: once, or once for each user.
struct DatasetInstance {
  EffectiveDataset configured;
  std::string key;                    // its id, and behind an "@" the SID of its user
  std::string owner;                  // that SID; empty for the machine's
  const PresentUser* user = nullptr;  // who is signed in
  std::string waits;                  // why nothing is done with it for now; a sentence
};

struct InstanceFacts {
  std::span<const PresentUser> users;
  // The keys of all datasets that were there at any time: what a user has who is not signed in
  // waits for that user.
  std::span<const std::string> known;
  std::function<std::string(const std::string& sid)> profile_name;
  // The SID of the user in whose own folder a path lies; empty for what is nobody's.
  std::function<std::string(const std::string& path)> profile_owner = [](const std::string&) {
    return std::string();
  };
};

// The enabled ones. What lies in one user's folder, or goes there, is that user's, however the
// configuration names it. Pure.
std::vector<DatasetInstance> dataset_instances(std::span<const EffectiveDataset> configured,
                                               const InstanceFacts& facts);

// The SID in a key; empty for the machine's.
std::string dataset_owner(std::string_view key);
std::string dataset_key(std::string_view id, std::string_view owner);

}  // namespace holdfast
