#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace holdfast {

// A program that has a file open.
struct FileHolder {
  std::string program;
  std::uint32_t process_id = 0;
};

// The other programs that have one of the files open, as far as the system tells. Does not throw.
std::vector<FileHolder> file_holders(const std::vector<std::filesystem::path>& files);

// "ClinicApp (1234) and Excel (88)"; empty for none.
std::string holders_text(const std::vector<FileHolder>& holders);

}  // namespace holdfast
