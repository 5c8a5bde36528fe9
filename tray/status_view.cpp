#include "tray/status_view.h"

#include <array>
#include <cstdint>

#include "common/text.h"

namespace holdfast {
namespace {

constexpr std::string_view kProduct = "Holdfast: ";
// A menu grows as wide as its longest line.
constexpr std::size_t kMaxMenuUnits = 80;

struct FailureWords {
  ErrorCode code;
  std::string_view sentence;
};
constexpr std::array<FailureWords, 7> kFailureWords{{
    {ErrorCode::ServiceUnreachable, "the service is not running."},
    {ErrorCode::TimedOut, "the service does not answer."},
    {ErrorCode::ServiceUntrusted, "another program poses as the service. Tell your administrator."},
    {ErrorCode::ServiceRefused, "this account may not ask the service."},
    {ErrorCode::ProtocolUnsupported, "this program and the service have different versions."},
    {ErrorCode::TooManyConnections, "the service has too many connections."},
    {ErrorCode::Internal, "the service cannot be understood; the tray's log says why."},
}};

std::string failure_sentence(const Error& failure) {
  for (const FailureWords& words : kFailureWords) {
    if (words.code == failure.code()) return std::string(words.sentence);
  }
  return failure.what();
}

// How things stand, as the end of a sentence that starts with the product's name.
std::string sentence(const ServiceState& state) {
  if (state.status && state.status->phase == ServicePhase::Stopping) {
    return "the service is stopping.";
  }
  if (state.status) return state.status->headline;
  if (state.failure) return failure_sentence(*state.failure);
  return "looking for the service.";
}

std::string capitalized(std::string text) {
  if (!text.empty() && 'a' <= text[0] && text[0] <= 'z') {
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  }
  return text;
}

IconState icon_state(const ServiceState& state) {
  if (!state.status || state.status->phase == ServicePhase::Stopping) return IconState::Away;
  if (state.status->health == Health::Working) return IconState::Working;
  switch (alert(state.status->health)) {
    case Alert::Fine: return IconState::Protected;
    case Alert::Attention: return IconState::Attention;
    case Alert::AtRisk: break;
  }
  return IconState::AtRisk;
}

// What the character that starts with this byte of UTF-8 takes in UTF-16; 0 inside a character.
std::size_t utf16_units(char byte) {
  const auto value = static_cast<std::uint8_t>(byte);
  if (value >= 0xF0) return 2;
  return (value & 0xC0) == 0x80 ? 0 : 1;
}

// The text on one line of at most `max_units` UTF-16 units; what is longer ends in "...".
std::string fitted(std::string_view text, std::size_t max_units) {
  constexpr std::string_view kCut = "...";
  constexpr std::size_t kMaxBytes = 4096;
  std::string line = one_line(text, kMaxBytes);
  std::size_t units = 0;
  std::size_t cut = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const std::size_t more = utf16_units(line[i]);
    if (more > 0 && units + kCut.size() <= max_units) cut = i;
    units += more;
    if (units > max_units) return line.substr(0, cut).append(kCut);
  }
  return line;
}

std::string menu_text(std::string_view text) {
  std::string escaped;
  for (const char c : text) escaped.append(c == '&' ? 2 : 1, c);
  return escaped;
}

}  // namespace

StatusView status_view(const ServiceState& state) {
  const std::string words = sentence(state);
  return {.icon = icon_state(state),
          .tooltip = fitted(std::string(kProduct) + words, kMaxTooltipUnits),
          .menu = {{.text = menu_text(fitted(capitalized(words), kMaxMenuUnits))},
                   {},
                   {.text = "&About Holdfast", .command = MenuCommand::About},
                   {.text = "E&xit", .command = MenuCommand::Exit}}};
}

std::string about_text(const ServiceState& state, std::string_view tray_version) {
  const std::string service = state.version.empty() ? "not connected" : state.version;
  return one_line(capitalized(sentence(state))) + "\n\nTray program: " + std::string(tray_version) +
         "\nService: " + service;
}

}  // namespace holdfast
