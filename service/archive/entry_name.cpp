#include "service/archive/entry_name.h"

#include <algorithm>
#include <array>

#include "common/text.h"
#include "service/archive/archive_limits.h"

namespace holdfast {
namespace {

bool is_digit(char byte) {
  return '0' <= byte && byte <= '9';
}

// Windows takes these for devices in every folder and with every extension.
bool is_device(std::string_view part) {
  std::string base = folded_name(part.substr(0, part.find('.')));
  while (base.ends_with(' ')) base.pop_back();
  constexpr std::array<std::string_view, 7> kDevices{"con",    "prn",    "aux",    "nul",
                                                     "clock$", "conin$", "conout$"};
  if (std::find(kDevices.begin(), kDevices.end(), base) != kDevices.end()) return true;
  if (!base.starts_with("com") && !base.starts_with("lpt")) return false;
  const std::string_view port = std::string_view(base).substr(3);
  // The superscripts one, two and three count as digits.
  return (port.size() == 1 && is_digit(port[0])) || port == "\xC2\xB9" || port == "\xC2\xB2" ||
         port == "\xC2\xB3";
}

std::optional<std::string_view> part_fault(std::string_view part) {
  if (part.empty()) return "has an empty part";
  if (part == "." || part == "..") return "leaves its folder";
  if (part.ends_with('.') || part.ends_with(' ')) return "ends in a dot or a space";
  if (is_device(part)) return "is a device on Windows";
  return std::nullopt;
}

bool is_forbidden(char byte) {
  constexpr std::string_view kForbidden = "\\:*?\"<>|";
  const auto value = static_cast<unsigned char>(byte);
  return value < 0x20 || value == 0x7F || kForbidden.find(byte) != std::string_view::npos;
}

}  // namespace

std::optional<std::string_view> entry_name_fault(std::string_view name) {
  if (name.empty()) return "is empty";
  if (name.size() > kMaxEntryNameBytes) return "is too long";
  if (!is_utf8(name)) return "is not UTF-8";
  if (std::any_of(name.begin(), name.end(), is_forbidden)) {
    return "has a character that Windows forbids in names";
  }
  if (name.starts_with('/')) return "is an absolute path";
  while (true) {
    const std::size_t slash = name.find('/');
    if (const auto fault = part_fault(name.substr(0, slash))) return fault;
    if (slash == std::string_view::npos) return std::nullopt;
    name.remove_prefix(slash + 1);
  }
}

std::string folded_name(std::string_view name) {
  std::string folded(name);
  for (char& byte : folded) {
    if ('A' <= byte && byte <= 'Z') byte = static_cast<char>(byte - 'A' + 'a');
  }
  return folded;
}

bool is_in_stage(std::string_view name) {
  const std::string folded = '/' + folded_name(name);
  return folded.find('/' + std::string(kStagePrefix)) != std::string::npos;
}

}  // namespace holdfast
