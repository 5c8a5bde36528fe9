#include "service/config/path_rules.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/text.h"
#include "service/archive/entry_name.h"
#include "service/backup/include_pattern.h"
#include "service/config/path_tokens.h"

namespace holdfast {
namespace {

constexpr std::string_view kSeparators = "\\/";

// Deeper ones are no real paths, and comparing them with patterns would take long.
constexpr int kMaxFolders = 64;
// Each one more would multiply the time that a comparison may take.
constexpr int kMaxAnyDepth = 2;

bool is_separator(char byte) {
  return kSeparators.find(byte) != std::string_view::npos;
}

bool is_drive_letter(char byte) {
  return ('A' <= byte && byte <= 'Z') || ('a' <= byte && byte <= 'z');
}

bool is_control(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return value < 0x20 || value == 0x7F;
}

std::string with_slashes(std::string_view path) {
  std::string text(path);
  std::replace(text.begin(), text.end(), '\\', '/');
  return text;
}

std::optional<std::string> fault_of_parts(std::string_view path) {
  const auto fault = entry_name_fault(with_slashes(path));
  return fault ? std::optional<std::string>(*fault) : std::nullopt;
}

// How many bytes lead to where the folders of an absolute path begin: "C:", "{profile}", "\\" of a
// share. 0 when it is not absolute.
std::size_t root_bytes(std::string_view path) {
  if (const auto token = leading_token(path)) return token->size() + 2;
  if (path.size() >= 2 && is_drive_letter(path[0]) && path[1] == ':') return 2;
  if (path.size() >= 2 && is_separator(path[0]) && is_separator(path[1])) return 1;
  return 0;
}

bool has_token_inside(std::string_view path) {
  const auto tokens = path_tokens();
  return std::any_of(tokens.begin(), tokens.end(), [path](std::string_view token) {
    return path.find(fmt::format("{{{}}}", token)) != std::string_view::npos;
  });
}

}  // namespace

std::optional<std::string> path_fault(std::string_view path, PathUse use) {
  if (std::any_of(path.begin(), path.end(), is_control)) {
    return "has a control character; write each backslash twice";
  }
  if (auto fault = token_fault(path)) return fault;
  const std::size_t root = root_bytes(path);
  if (root == 0)
    return "is not absolute; begin with a drive, a share or a token like {localappdata}";
  std::string_view rest = path.substr(root);
  if (has_token_inside(rest)) return "has a token inside; a token stands at the beginning";
  const bool share = root == 1;
  if (rest.empty()) {
    if (path[0] == '{' && use == PathUse::Folder) return std::nullopt;
    return use == PathUse::File ? "names no file" : "needs a backslash behind the drive";
  }
  if (!is_separator(rest.front())) return "needs a backslash behind its first part";
  rest.remove_prefix(1);
  if (use == PathUse::Folder) {
    if (!rest.empty() && is_separator(rest.back())) rest.remove_suffix(1);
    if (rest.empty() && !share) return std::nullopt;
  }
  if (rest.empty()) return "names no file";
  if (auto fault = fault_of_parts(rest)) return fault;
  const auto parts = 1 + std::count_if(rest.begin(), rest.end(), is_separator);
  if (parts > kMaxFolders) return fmt::format("has more than {} folders", kMaxFolders);
  if (share && parts < (use == PathUse::File ? 3 : 2))
    return use == PathUse::File ? "lacks a server, a share or a file" : "lacks a server or a share";
  return std::nullopt;
}

std::optional<std::string> inner_folder_fault(std::string_view folder) {
  if (root_bytes(folder) != 0)
    return "is not a folder inside OneDrive; begin with that folder's name";
  return fault_of_parts(folder);
}

std::optional<std::string> include_fault(std::string_view pattern) {
  if (pattern.find('\\') != std::string_view::npos) {
    return "has a backslash; write \"/\" between folders";
  }
  int any_depth = 0;
  for (std::size_t at = pattern.find("**"); at != std::string_view::npos;
       at = pattern.find("**", at + 2)) {
    if (++any_depth > kMaxAnyDepth) return "has \"**\" more than twice";
  }
  std::string name(pattern);
  // Any letter will do: the rules for names hold for what is around the wildcards.
  std::replace_if(
      name.begin(), name.end(), [](char byte) { return byte == '*' || byte == '?'; }, 'x');
  if (name.size() > 1 && name.ends_with('/')) name.pop_back();
  const auto fault = entry_name_fault(name);
  return fault ? std::optional<std::string>(*fault) : std::nullopt;
}

std::optional<std::string> program_fault(std::string_view name) {
  if (name.find_first_of(kSeparators) != std::string_view::npos) {
    return "has folders; write the file's name only";
  }
  if (!folded_name(name).ends_with(".exe") || name.size() == 4) return "is no program's file name";
  return fault_of_parts(name);
}

std::string folded_path(std::string_view path) {
  std::string folded = folded_name(with_slashes(path));
  std::replace(folded.begin(), folded.end(), '/', '\\');
  while (folded.ends_with('\\')) folded.pop_back();
  return folded;
}

std::optional<std::string> destination_fault(std::string_view dataset, std::string_view database,
                                             std::string_view folder,
                                             std::span<const std::string> include) {
  const std::string file = folded_path(database);
  const std::string home = file.substr(0, file.rfind('\\'));
  const std::string destination = folded_path(folder);
  if (destination == home) return "is the database's own folder; archives need one of their own";
  if (!destination.starts_with(home + '\\')) return std::nullopt;
  const std::string inner = with_slashes(destination.substr(home.size() + 1));
  const std::string archive = fmt::format("{}/{}_20260131T120000Z_PC.zip", inner, dataset);
  for (const std::string& pattern : include) {
    for (const std::string& name : {archive, archive + ".tmp"}) {
      if (matches_include(pattern, name, LetterCase::Ignored)) {
        return fmt::format("is inside what \"{}\" includes: each archive would hold all before it",
                           one_line(pattern));
      }
    }
  }
  return std::nullopt;
}

}  // namespace holdfast
