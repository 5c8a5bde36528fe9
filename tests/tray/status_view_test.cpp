#include "tray/status_view.h"

#include <catch2/catch_test_macros.hpp>

#include "tray/menu_model.h"

namespace holdfast {
namespace {

ServiceState reporting(Health health, const std::string& headline,
                       ServicePhase phase = ServicePhase::Running) {
  return {.status = Status{.health = health, .headline = headline, .phase = phase},
          .version = "1.2.3"};
}

ServiceState away(ErrorCode code) {
  return {.failure = Error(code, "What happened.", "Do this.")};
}

std::size_t utf16_units(const std::string& utf8) {
  std::size_t units = 0;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 || byte >= 0xC0) units += byte >= 0xF0 ? 2 : 1;
  }
  return units;
}

TEST_CASE("Each health has its icon") {
  const auto icon = [](Health health) { return status_view(reporting(health, "Words.")).icon; };
  CHECK(icon(Health::Protected) == IconState::Protected);
  CHECK(icon(Health::Working) == IconState::Working);
  CHECK(icon(Health::Waiting) == IconState::Attention);
  CHECK(icon(Health::Stale) == IconState::Attention);
  CHECK(icon(Health::None) == IconState::AtRisk);
  CHECK(icon(Health::Failed) == IconState::AtRisk);
  CHECK(icon(Health::Damaged) == IconState::AtRisk);
}

TEST_CASE("The tooltip and the menu's first line repeat the service's headline") {
  const ServiceState state = reporting(Health::None, "No database is protected yet.");
  CHECK(status_view(state).tooltip == "Holdfast: No database is protected yet.");
  CHECK(menu_lines(state).at(0).text == "No database is protected yet.");
}

TEST_CASE("While the service is away the icon is grey and the words say why") {
  struct Row {
    ServiceState state;
    std::string tooltip;
    std::string headline;
  };
  const Row rows[] = {
      {{}, "Holdfast: looking for the service.", "Looking for the service."},
      {away(ErrorCode::ServiceUnreachable), "Holdfast: the service is not running.",
       "The service is not running."},
      {away(ErrorCode::TimedOut), "Holdfast: the service does not answer.",
       "The service does not answer."},
      {away(ErrorCode::ServiceUntrusted),
       "Holdfast: another program poses as the service. Tell your administrator.",
       "Another program poses as the service. Tell your administrator."},
      {away(ErrorCode::ServiceRefused), "Holdfast: this account may not ask the service.",
       "This account may not ask the service."},
      {away(ErrorCode::ProtocolUnsupported),
       "Holdfast: this program and the service have different versions.",
       "This program and the service have different versions."},
      {away(ErrorCode::TooManyConnections), "Holdfast: the service has too many connections.",
       "The service has too many connections."},
      {away(ErrorCode::Internal),
       "Holdfast: the service cannot be understood; the tray's log says why.",
       "The service cannot be understood; the tray's log says why."},
      {away(ErrorCode::SystemCallFailed), "Holdfast: What happened.", "What happened."},
  };
  for (const Row& row : rows) {
    CAPTURE(row.tooltip);
    const StatusView view = status_view(row.state);
    CHECK(view.icon == IconState::Away);
    CHECK(view.tooltip == row.tooltip);
    CHECK(menu_lines(row.state).at(0).text == row.headline);
  }
}

TEST_CASE("A service that is being stopped is told as such, however well things stand") {
  const ServiceState state = reporting(Health::Protected, "All is well.", ServicePhase::Stopping);
  const StatusView view = status_view(state);
  CHECK(view.icon == IconState::Away);
  CHECK(view.tooltip == "Holdfast: the service is stopping.");
  CHECK(menu_lines(state).at(0).text == "The service is stopping.");
}

TEST_CASE("A tooltip has room for 127 UTF-16 units and is cut between characters") {
  const std::string product = "Holdfast: ";
  const std::size_t room = kMaxTooltipUnits - product.size();
  const auto repeated = [](const std::string& character, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) text += character;
    return text;
  };
  const auto tooltip = [](const std::string& headline) {
    return status_view(reporting(Health::Stale, headline)).tooltip;
  };
  CHECK(tooltip(repeated("x", room)) == product + repeated("x", room));
  CHECK(tooltip(repeated("x", room + 1)) == product + repeated("x", room - 3) + "...");
  CHECK(tooltip(repeated("ü", room)) == product + repeated("ü", room));
  CHECK(tooltip(repeated("日", room + 1)) == product + repeated("日", room - 3) + "...");
  const std::string disks = "\xF0\x9F\x92\xBE";
  CHECK(tooltip(repeated(disks, room / 2)) == product + repeated(disks, room / 2));
  CHECK(tooltip(repeated(disks, room)) == product + repeated(disks, (room - 3) / 2) + "...");
  CHECK(utf16_units(tooltip(repeated(disks, 5000))) <= kMaxTooltipUnits);
}

TEST_CASE("Names from outside can neither break the line nor mark an access key") {
  const ServiceState state = reporting(Health::Stale, "Smith & Sons\n\tclinic");
  CHECK(status_view(state).tooltip == "Holdfast: Smith & Sons??clinic");
  CHECK(menu_lines(state).at(0).text == "Smith && Sons??clinic");
}

TEST_CASE("About tells how things stand and both versions") {
  CHECK(about_text(reporting(Health::None, "No database is protected yet."), "1.3.0") ==
        "No database is protected yet.\n\nTray program: 1.3.0\nService: 1.2.3");
  CHECK(about_text(away(ErrorCode::ServiceUnreachable), "1.3.0") ==
        "The service is not running.\n\nTray program: 1.3.0\nService: not connected");
}

}  // namespace
}  // namespace holdfast
