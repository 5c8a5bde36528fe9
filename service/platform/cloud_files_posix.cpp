#include "service/platform/cloud_files.h"

namespace holdfast {

struct SystemCloudFiles::Library {};

SystemCloudFiles::SystemCloudFiles() = default;
SystemCloudFiles::~SystemCloudFiles() = default;

CloudFileFacts SystemCloudFiles::look(const std::filesystem::path&) {
  return {.answer = CloudFileFacts::Answer::NotSupported};
}

CloudProviderFacts SystemCloudFiles::provider(const std::filesystem::path&) {
  return {.answer = CloudProviderFacts::Answer::NotSupported};
}

void expose_placeholders() {}

}  // namespace holdfast
