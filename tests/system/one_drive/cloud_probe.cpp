// Prints what the system tells of files and of their folders, a line each: cloud_probe FILE...

#include <windows.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <string_view>

#include "service/platform/cloud_files.h"

namespace {

using holdfast::CloudFileFacts;
using holdfast::CloudProviderFacts;

template <std::size_t kCount, typename Value>
const char* word(const std::array<const char*, kCount>& words, Value value) {
  return words.at(static_cast<std::size_t>(value));
}

void print(const CloudFileFacts& facts) {
  constexpr std::array kAnswers{"placeholder", "plain",         "not-under-cloud",
                                "missing",     "not-supported", "failed"};
  std::printf("file answer=%s error=%u in_sync=%d excluded=%d pinned=%d local=%d bytes=%llu\n",
              word(kAnswers, facts.answer), facts.error, facts.in_sync, facts.is_excluded,
              facts.is_pinned, facts.is_local, static_cast<unsigned long long>(facts.bytes));
}

void print(const CloudProviderFacts& facts) {
  constexpr std::array kAnswers{"registered", "not-under-cloud", "not-supported", "failed"};
  constexpr std::array kStatuses{"idle",         "busy",       "connectivity-lost",
                                 "disconnected", "terminated", "error"};
  std::printf("provider answer=%s error=%u status=%s name=%s\n", word(kAnswers, facts.answer),
              facts.error, word(kStatuses, facts.status), facts.name.c_str());
}

}  // namespace

int wmain(int argc, wchar_t** argv) {
  holdfast::expose_placeholders();
  holdfast::SystemCloudFiles cloud;
  for (int i = 1; i < argc; ++i) {
    const std::filesystem::path file(argv[i]);
    print(cloud.look(file));
    print(cloud.provider(file.parent_path()));
  }
  return argc > 1 ? 0 : 2;
}
