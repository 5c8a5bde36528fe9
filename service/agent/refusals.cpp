#include "service/agent/refusals.h"

namespace holdfast {
namespace {

constexpr std::chrono::hours kQuiet{1};

}  // namespace

void Refusals::take(const Caller& caller, std::string_view method, const Error& refusal) {
  const Time now = clock_.now();
  std::erase_if(
      told_, [now](const auto& told) { return told.second > now || now - told.second >= kQuiet; });
  if (!told_.emplace(std::pair(caller.user_sid, std::string(method)), now).second) return;
  events_.report({EventId::RequestRefused, {caller.user_sid, std::string(method), refusal.what()}});
}

}  // namespace holdfast
