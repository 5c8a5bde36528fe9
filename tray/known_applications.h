#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace holdfast {

// An application whose database the wizard finds by itself.
struct KnownApplication {
  std::string id;
  std::string title;
  // Where its database may lie, with the tokens of the configuration.
  std::vector<std::string> databases;
  // What belongs to its dataset beside what the user chooses, as the samples have it.
  nlohmann::json settings;
  std::string onedrive_folder;
};

const std::vector<KnownApplication>& known_applications();

}  // namespace holdfast
