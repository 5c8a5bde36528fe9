#include "service/config/path_tokens.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "common/error.h"
#include "common/text.h"
#include "service/archive/entry_name.h"

namespace holdfast {
namespace {

constexpr std::string_view kOfTheMachine = "programdata";
constexpr std::array<std::string_view, 5> kTokens{"localappdata", "appdata", "documents", "profile",
                                                  kOfTheMachine};

bool is_token(std::string_view name) {
  return std::find(kTokens.begin(), kTokens.end(), name) != kTokens.end();
}

// The token for what people know as an environment variable.
std::optional<std::string_view> token_for_variable(std::string_view path) {
  if (!path.starts_with('%')) return std::nullopt;
  const std::size_t end = path.find('%', 1);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string name = folded_name(path.substr(1, end - 1));
  if (name == "userprofile") return "profile";
  return closest(name, kTokens);
}

}  // namespace

std::span<const std::string_view> path_tokens() {
  return kTokens;
}

std::optional<std::string_view> leading_token(std::string_view path) {
  if (!path.starts_with('{')) return std::nullopt;
  const std::size_t end = path.find('}');
  if (end == std::string_view::npos) return std::nullopt;
  return path.substr(1, end - 1);
}

std::optional<std::string> token_fault(std::string_view path) {
  if (path.starts_with('%')) {
    const auto meant = token_for_variable(path);
    return meant ? fmt::format("begins with an environment variable; write {{{}}} instead", *meant)
                 : std::string(
                       "begins with an environment variable, which the service does not know");
  }
  if (!path.starts_with('{')) return std::nullopt;
  const auto name = leading_token(path);
  if (!name) return "has no \"}\" behind its token";
  if (is_token(*name)) return std::nullopt;
  const auto meant = closest(folded_name(*name), kTokens);
  if (meant) return fmt::format("begins with an unknown token; did you mean {{{}}}?", *meant);
  return fmt::format("begins with an unknown token; the tokens are {{{}}}",
                     fmt::join(kTokens, "}, {"));
}

bool has_per_user_token(std::string_view path) {
  const auto token = leading_token(path);
  return token && is_token(*token) && *token != kOfTheMachine;
}

std::string expand(std::string_view path, const KnownFolders& folders) {
  const auto token = leading_token(path);
  if (!token) return std::string(path);
  const auto folder = folders.find(*token);
  if (folder == folders.end()) {
    throw Error(ErrorCode::NotFound,
                fmt::format("Cannot tell which folder {{{}}} is in \"{}\".", one_line(*token, 40),
                            one_line(path)),
                "Write the folder itself into the configuration.");
  }
  return folder->second + std::string(path.substr(token->size() + 2));
}

}  // namespace holdfast
