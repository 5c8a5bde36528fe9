#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace holdfast {

// What the system tells of one file in a synchronised folder; found without reading, and so without
// fetching, its data.
struct CloudFileFacts {
  enum class Answer {
    Placeholder,    // the cloud program has taken it up
    Plain,          // no cloud file: not taken up yet, or not in the cloud at all
    NotUnderCloud,  // in no folder that is synchronised
    Missing,
    NotSupported,  // this system knows no cloud files
    Failed
  };

  Answer answer = Answer::Failed;
  std::uint32_t error = 0;  // the system's number, when its answer was an error
  bool in_sync = false;     // of a placeholder: the cloud has what the disk has
  bool is_excluded = false;
  bool is_pinned = false;
  bool is_local = true;  // all of its data is on this disk
  // Of what was found and could be opened:
  std::uint64_t bytes = 0;
  std::int64_t changed_at = 0;  // the last write, in the ticks of FileTime
};

// What the system tells of the program that synchronises a folder.
struct CloudProviderFacts {
  enum class Answer { Registered, NotUnderCloud, NotSupported, Failed };
  enum class Status { Idle, Busy, ConnectivityLost, Disconnected, Terminated, Error };

  Answer answer = Answer::Failed;
  // Of a registered one:
  Status status = Status::Idle;
  std::string name;
  std::uint32_t error = 0;  // the system's number, when it failed
};

// The status in the system's flags.
CloudProviderFacts::Status provider_status(std::uint32_t flags);

// The seam to what the system knows of the cloud, where tests play a cloud of their own. Does not
// throw. For use by several threads at once.
class CloudFiles {
 public:
  CloudFiles() = default;
  CloudFiles(const CloudFiles&) = delete;
  CloudFiles& operator=(const CloudFiles&) = delete;
  virtual ~CloudFiles() = default;

  // `file` and `folder` are absolute.
  virtual CloudFileFacts look(const std::filesystem::path& file) = 0;
  virtual CloudProviderFacts provider(const std::filesystem::path& folder) = 0;
};

// The real one. Knows what expose_placeholders() lets it see.
class SystemCloudFiles final : public CloudFiles {
 public:
  SystemCloudFiles();
  SystemCloudFiles(const SystemCloudFiles&) = delete;
  SystemCloudFiles& operator=(const SystemCloudFiles&) = delete;
  ~SystemCloudFiles() override;

  CloudFileFacts look(const std::filesystem::path& file) override;
  CloudProviderFacts provider(const std::filesystem::path& folder) override;

 private:
  struct Library;
  const std::unique_ptr<const Library> library_;
};

// Without this the system shows a process an uploaded file as a plain one. To be called once, early
// in the process, before there are other threads; does nothing where the system cannot.
void expose_placeholders();

}  // namespace holdfast
