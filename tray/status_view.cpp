#include "tray/status_view.h"

#include <array>

#include "common/text.h"
#include "tray/line_text.h"

namespace holdfast {
namespace {

constexpr std::string_view kProduct = "Holdfast: ";

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

}  // namespace

std::string sentence(const ServiceState& state) {
  if (state.status && state.status->phase == ServicePhase::Stopping) {
    return "the service is stopping.";
  }
  if (state.status) return state.status->headline;
  if (state.failure) return failure_sentence(*state.failure);
  return "looking for the service.";
}

std::vector<std::string> faults_beside(std::string_view headline, const ServiceState& state) {
  if (!state.status) return {};
  std::vector<std::string> faults = state.status->faults;
  std::erase_if(faults, [headline](const std::string& fault) {
    return headline.find(fault) != std::string_view::npos;
  });
  return faults;
}

StatusView status_view(const ServiceState& state) {
  return {.icon = icon_state(state),
          .tooltip = fitted(std::string(kProduct) + sentence(state), kMaxTooltipUnits)};
}

std::string about_text(const ServiceState& state, std::string_view tray_version) {
  const std::string service = state.version.empty() ? "not connected" : state.version;
  return one_line(capitalized(sentence(state))) + "\n\nTray program: " + std::string(tray_version) +
         "\nService: " + service;
}

}  // namespace holdfast
