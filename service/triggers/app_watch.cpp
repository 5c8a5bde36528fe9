#include "service/triggers/app_watch.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace holdfast {
namespace {

// Of ASCII letters only: others must be written as they are.
std::string folded(std::string text) {
  std::ranges::transform(text, text.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return text;
}

}  // namespace

AppWatch::AppWatch(LetterCase letter_case) : letter_case_(letter_case) {}

AppWatch::Seen AppWatch::look(const std::set<std::string>& running,
                              std::span<const std::string> watched) {
  std::set<std::string> now;
  for (const std::string& name : running) now.insert(same_name(name));
  Seen seen;
  if (before_) {
    for (const std::string& program : watched) {
      const std::string name = same_name(program);
      const bool ran = before_->contains(name);
      const bool runs = now.contains(name);
      if (runs && !ran) seen.started.push_back(program);
      if (ran && !runs) seen.closed.push_back(program);
    }
  }
  before_ = std::move(now);
  return seen;
}

std::string AppWatch::same_name(std::string name) const {
  constexpr std::string_view kEnding = ".exe";
  if (letter_case_ == LetterCase::Ignored) name = folded(std::move(name));
  if (name.size() > kEnding.size() && name.ends_with(kEnding)) {
    name.resize(name.size() - kEnding.size());
  }
  return name;
}

}  // namespace holdfast
