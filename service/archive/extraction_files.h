#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "service/platform/storage.h"

namespace holdfast {

// The files and folders that an extraction makes. Until keep() is called they are removed again
// when it ends, in whatever way.
class ExtractionFiles {
 public:
  explicit ExtractionFiles(Storage& storage) : storage_(storage) {}
  ExtractionFiles(const ExtractionFiles&) = delete;
  ExtractionFiles& operator=(const ExtractionFiles&) = delete;
  ~ExtractionFiles();

  // Makes the folder and those above it, as far as they are missing.
  void make_target(const std::filesystem::path& folder);
  // Makes the folder below the target. Throws where a link or a file stands in its way.
  void make_folder(const std::filesystem::path& target, const std::filesystem::path& below);
  // Throws Error(AlreadyExists) when there is something of that name.
  void expect_free(const std::filesystem::path& file);
  // A new file that shall be called `final_name` in the end.
  std::unique_ptr<StoredFile> create(const std::filesystem::path& final_name);
  // Gives all files their names.
  void publish();
  void keep() { kept_ = true; }

 private:
  struct Pending {
    std::filesystem::path present;
    std::filesystem::path final_name;
  };
  using Kinds = std::map<std::string, StoredEntry::Kind>;
  const Kinds& kinds_in(const std::filesystem::path& folder);

  Storage& storage_;
  std::vector<std::filesystem::path> folders_;
  std::vector<Pending> files_;
  std::map<std::string, Kinds> known_;  // what was in each folder before
  bool kept_ = false;
};

}  // namespace holdfast
