#include "tray/tray_windows.h"

#include <version.h>

#include <functional>
#include <string_view>
#include <utility>

#include "tray/setup_skipped.h"
#include "tray/status_view.h"

namespace holdfast {
namespace {

AskService ask_by(ServiceCalls& calls) {
  return [&calls](std::string_view method, nlohmann::json params,
                  std::function<void(const ServiceAnswer&)> then) {
    calls.ask(nullptr, method, std::move(params),
              [then = std::move(then)](const CallOutcome& told) {
                then({.result = told.result, .failure = told.failure});
              });
  };
}

}  // namespace

TrayWindows::TrayWindows(ServiceCalls& calls)
    : restore_(calls),
      history_(calls, [this](const std::string& dataset,
                             const std::string& archive) { show_restore(dataset, archive); }),
      setup_(ask_by(calls), [this](SetupDialog::Result result) { take_setup(result); }),
      settings_(ask_by(calls), [this] { setup_.show(); }) {}

void TrayWindows::show_history(const ServiceState& state, const std::string& dataset,
                               HistoryWindow::Purpose purpose) {
  state_ = state;
  history_.show(state, dataset, purpose);
}

void TrayWindows::show_restore(const std::string& dataset, const std::string& archive) {
  std::string title = dataset;
  if (state_.status) {
    for (const DatasetStatus& known : state_.status->datasets) {
      if (known.id == dataset) title = known.title;
    }
  }
  restore_.show(dataset, title, archive);
}

void TrayWindows::show_about(const ServiceState& state) {
  about_.show(about_text(state, HOLDFAST_VERSION));
}

void TrayWindows::take_setup(SetupDialog::Result result) {
  if (result == SetupDialog::Result::Skipped) keep_setup_skipped();
  if (result == SetupDialog::Result::Done) settings_.refresh();
}

bool TrayWindows::takes_key(MSG& message) {
  return TopLevelWindow::takes_key(message) || DialogWindow::takes_key(message);
}

void TrayWindows::close() {
  setup_.close();
  settings_.close();
  about_.close();
  restore_.close();
  history_.close();
}

void TrayWindows::follow(const ServiceState& state) {
  const bool is_back = !state_.status && state.status;
  state_ = state;
  if (is_back) settings_.refresh();
  history_.follow(state);
}

void TrayWindows::follow(const RunView& run) {
  history_.follow(run);
  restore_.follow(run);
}

}  // namespace holdfast
