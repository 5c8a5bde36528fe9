#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <system_error>

#include "common/path_text.h"
#include "service/platform/file_holders.h"

namespace holdfast {
namespace {

bool holds_one(const std::filesystem::path& process,
               const std::vector<std::filesystem::path>& files) {
  std::error_code failure;
  std::filesystem::directory_iterator descriptor(process / "fd", failure);
  while (!failure && descriptor != std::filesystem::directory_iterator()) {
    std::error_code gone;
    const std::filesystem::path target = std::filesystem::read_symlink(*descriptor, gone);
    if (!gone && std::ranges::find(files, target) != files.end()) return true;
    descriptor.increment(failure);
  }
  return false;
}

// 0 for what is none.
std::uint32_t process_id(const std::string& name) {
  std::uint32_t id = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id);
  return error == std::errc() && end == name.data() + name.size() ? id : 0;
}

std::string name_of(const std::filesystem::path& process) {
  std::string name;
  std::ifstream file(process / "comm");
  std::getline(file, name);
  return name;
}

}  // namespace

std::vector<FileHolder> file_holders(const std::vector<std::filesystem::path>& files) {
  std::vector<std::filesystem::path> real;
  std::error_code failure;
  for (const std::filesystem::path& file : files) {
    std::filesystem::path path = std::filesystem::canonical(file, failure);
    if (!failure) real.push_back(std::move(path));
  }
  std::vector<FileHolder> holders;
  std::filesystem::directory_iterator process("/proc", failure);
  while (!failure && process != std::filesystem::directory_iterator()) {
    const std::filesystem::path& path = process->path();
    const std::uint32_t id = process_id(path_text(path.filename()));
    if (id != 0 && id != static_cast<std::uint32_t>(::getpid()) && holds_one(path, real)) {
      holders.push_back({.program = name_of(path), .process_id = id});
    }
    process.increment(failure);
  }
  return holders;
}

}  // namespace holdfast
