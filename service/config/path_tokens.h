#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace holdfast {

// The names that may stand in braces at the beginning of a path, for folders that differ from user
// to user and from machine to machine.
std::span<const std::string_view> path_tokens();

// The name in the braces that a path begins with, whether it is a token or not.
std::optional<std::string_view> leading_token(std::string_view path);

// What is wrong with the braces or the %VARIABLE% that a path begins with, as the end of a sentence
// about it, with the token that was probably meant.
std::optional<std::string> token_fault(std::string_view path);

// Whether the path leads to another folder for each user.
bool has_per_user_token(std::string_view path);

// Token name -> folder.
using KnownFolders = std::map<std::string, std::string, std::less<>>;

// The path with its token replaced; as it is when it has none. Throws Error(NotFound) when the
// token is unknown or the system has not told its folder.
std::string expand(std::string_view path, const KnownFolders& folders);

}  // namespace holdfast
