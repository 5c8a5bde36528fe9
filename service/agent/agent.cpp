#include "service/agent/agent.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "service/agent/archive_methods.h"
#include "service/agent/backup_methods.h"
#include "service/agent/cloud_methods.h"
#include "service/agent/config_methods.h"
#include "service/agent/dataset_methods.h"
#include "service/agent/history_methods.h"
#include "service/agent/method_parameters.h"
#include "service/agent/method_rights.h"
#include "service/agent/restore_methods.h"
#include "service/health/overall_status.h"
#include "service/jobs/current_failure.h"
#include "service/platform/event_text.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kConfigPeriod = 10s;
constexpr std::chrono::milliseconds kUsersPeriod = 10s;
constexpr std::chrono::milliseconds kProgramsPeriod = 2s;
constexpr std::chrono::milliseconds kQueriesPeriod = 5s;
// Between two looks there is never more than a minute, unless the machine slept.
constexpr std::chrono::seconds kSlept = 150s;
// What is left of the time that Windows gives before a shutdown is for an orderly end.
constexpr std::chrono::seconds kLastBackups = 150s;
// Whatever surprises the agent must not end the protection.
constexpr std::chrono::seconds kAfterSurprise = 60s;

std::string words(StopReason reason) {
  return reason == StopReason::Shutdown ? "Windows is shutting down" : "as requested";
}

// Users need not say that they mean their own.
std::string dataset_meant(const Protection& protection, const std::string& named,
                          const Caller& caller) {
  const std::string own = dataset_key(named, caller.user_sid);
  const auto& datasets = protection.datasets();
  return !datasets.contains(named) && datasets.contains(own) ? own : named;
}

bool is_of_users(const EffectiveDataset& configured) {
  return !configured.owner.empty() || is_per_user(configured.dataset);
}

bool has_cloud(const std::vector<PresentUser>& users) {
  return std::ranges::any_of(users,
                             [](const PresentUser& present) { return !present.roots.empty(); });
}

std::string_view sid_of(const PresentUser& present) {
  return present.user.sid;
}

// The SID of the user whose dataset, or whose dataset's run, a call is about.
std::string owner_of(const Protection& protection, const nlohmann::json& params,
                     MethodSubject subject) {
  const MethodParameters parameters(params);
  switch (subject) {
    case MethodSubject::Run: return dataset_owner(protection.run(parameters.run()).record.dataset);
    case MethodSubject::Dataset: break;
  }
  return dataset_owner(parameters.any_dataset());
}

}  // namespace

Agent::Agent(const Parts& parts)
    : io_(parts.io),
      events_(parts.protection.events),
      clock_(parts.protection.clock),
      info_(parts.info),
      write_user_config_(parts.write_user_config),
      notices_(events_, io_, [this](const Event& event) { tell_event(event); }),
      refusals_(events_, clock_),
      config_(parts.read_config, parts.config_file, notices_),
      protection_(told_here(parts.protection)),
      triggers_({.protection = protection_,
                 .workers = parts.protection.workers,
                 .clock = clock_,
                 .letter_case = parts.protection.machine.letter_case,
                 .running_programs = parts.running_programs,
                 .change_mark = parts.change_mark,
                 .on_change = [this] { settle_soon(); }}),
      gate_({.dispatcher = dispatcher_,
             .dataset_of =
                 [this](const std::string& named, const Caller& caller) {
                   return dataset_meant(protection_, named, caller);
                 },
             .owner_of =
                 [this](const nlohmann::json& params, MethodSubject subject) {
                   return owner_of(protection_, params, subject);
                 },
             .on_refusal = [this](
                               const Caller& caller, std::string_view method,
                               const Error& refusal) { refusals_.take(caller, method, refusal); }}),
      server_(parts.listener, dispatcher_, PipeLimits{}),
      status_file_(parts.status_file),
      settle_timer_(io_),
      shutdown_timer_(io_),
      present_users_(parts.present_users),
      workers_(parts.protection.workers),
      config_timer_(io_, kConfigPeriod, [this] { poll_config(); }),
      users_timer_(io_, kUsersPeriod, [this] { poll_users(); }),
      programs_timer_(io_, kProgramsPeriod, [this] { triggers_.look_at_programs(); }),
      queries_timer_(io_, kQueriesPeriod, [this] { triggers_.look_at_databases(); }) {
  offer_methods();
}

Protection::Parts Agent::told_here(const Protection::Parts& given) {
  return {.catalog_file = given.catalog_file,
          .work = given.work,
          .workers = given.workers,
          .events = notices_,
          .clock = given.clock,
          .zone = given.zone,
          .machine = given.machine,
          .on_change = [this] { settle_soon(); },
          .on_run = [this](const RunReport& report) { tell_run(report); },
          .random = given.random,
          .profile_name = given.profile_name,
          .profile_owner = given.profile_owner,
          .service_rights = given.service_rights};
}

void Agent::start() {
  poll_config();
  poll_users();
  settle();
  server_.start();
  notices_.report({EventId::Started, {info_.version, info_.mode}});
  triggers_.fire(Trigger::Kind::Startup);
  config_timer_.start();
  users_timer_.start();
  programs_timer_.start();
  queries_timer_.start();
}

void Agent::stop(StopReason reason) {
  if (phase_ == ServicePhase::Stopping) return;
  phase_ = ServicePhase::Stopping;
  stop_reason_ = reason;
  spdlog::info("stopping: {}", words(reason));
  if (reason == StopReason::Shutdown && triggers_.fire_now(Trigger::Kind::Shutdown)) {
    shutdown_timer_.expires_after(kLastBackups);
    shutdown_timer_.async_wait([this](const boost::system::error_code& cancelled) {
      if (!cancelled) finish_stop();
    });
    settle();
    return;
  }
  finish_stop();
}

void Agent::finish_stop() {
  if (std::exchange(has_finished_, true)) return;
  protection_.stop();
  triggers_.stop();
  settle_timer_.cancel();
  shutdown_timer_.cancel();
  config_timer_.stop();
  users_timer_.stop();
  programs_timer_.stop();
  queries_timer_.stop();
  try {
    tell_status();
  } catch (const std::exception& surprise) {
    spdlog::error("the last status could not be told: {}", surprise.what());
  }
  server_.stop();
}

void Agent::report_stopped() {
  events_.report({EventId::Stopped, {words(stop_reason_)}});
}

void Agent::signed_in() {
  poll_users();
  triggers_.fire(Trigger::Kind::Startup);
}

void Agent::signed_out() {
  triggers_.fire_now(Trigger::Kind::SignOut);
  poll_users();
}

void Agent::woke() {
  protection_.woke();
  settle_soon();
}

void Agent::settle_soon() {
  if (has_finished_ || std::exchange(settles_soon_, true)) return;
  boost::asio::post(io_, [this] {
    settles_soon_ = false;
    settle();
  });
}

void Agent::settle() {
  if (has_finished_) return;
  std::chrono::seconds pause = kAfterSurprise;
  try {
    pause = do_what_is_due();
  } catch (const std::exception& surprise) {
    spdlog::error("what is due could not be done, and is tried again in a minute: {}",
                  surprise.what());
  }
  if (has_finished_) return;
  settle_timer_.expires_after(pause);
  settle_timer_.async_wait([this](const boost::system::error_code& replaced) {
    if (!replaced) settle();
  });
}

std::chrono::seconds Agent::do_what_is_due() {
  notice_sleep();
  triggers_.tick();
  protection_.tick();
  tell_status();
  if (phase_ == ServicePhase::Stopping && !protection_.has_runs()) finish_stop();
  const Time next = std::min(protection_.next_tick(), triggers_.next_tick());
  return std::max<std::chrono::seconds>(next - clock_.now(), 1s);
}

void Agent::tell_status() {
  nlohmann::json told = status();
  told.erase("as_of");
  status_file_.write(told, clock_.now());
  if (told == told_) return;
  told_ = told;
  server_.notify(method::kStatus, [this](const Caller& caller) { return status(&caller); });
}

void Agent::tell_run(const RunReport& report) {
  const std::string owner = dataset_owner(report.record.dataset);
  server_.notify(method::kProgress, [&](const Caller& caller) {
    return may_see(caller, owner) ? std::optional<nlohmann::json>(report) : std::nullopt;
  });
}

void Agent::tell_event(const Event& event) {
  const std::string owner = event.dataset.empty() ? event.owner : dataset_owner(event.dataset);
  nlohmann::json notice = {{"event", static_cast<std::uint32_t>(event.id)},
                           {"severity", event_severity(event.id)},
                           {"text", event_text(event)},
                           {"strings", event.strings},
                           {"at", utc_text(clock_.now())}};
  if (!event.dataset.empty()) notice["dataset"] = event.dataset;
  server_.notify(method::kNotice, [&](const Caller& caller) {
    return may_see(caller, owner) ? std::optional(notice) : std::nullopt;
  });
}

void Agent::notice_sleep() {
  const Time now = clock_.now();
  if (settled_at_ && now - *settled_at_ > kSlept) protection_.woke();
  settled_at_ = now;
}

void Agent::poll_config() {
  const std::string before = config_.fault();
  if (auto config = config_.poll()) {
    configured_ = std::move(config->datasets);
    protect();
  } else if (config_.fault() != before) {
    settle_soon();
  }
}

void Agent::protect() {
  protection_.use(configured_, users_);
  triggers_.use_datasets();
}

void Agent::poll_users() {
  if (has_finished_) return;
  if (std::exchange(looks_at_users_, true)) {
    looks_at_users_again_ = true;
    return;
  }
  try {
    workers_.start([this, look = present_users_](const std::stop_token&) -> Workers::Done {
      try {
        return [this, users = look()] { take_users(users); };
      } catch (...) {
        return [this, why = current_failure().line()] {
          spdlog::warn("{}", why);
          end_look_at_users();
        };
      }
    });
  } catch (const Error& error) {
    spdlog::warn("{}", error.line());
    looks_at_users_ = false;
  }
}

// What came in between may not have been seen.
void Agent::end_look_at_users() {
  looks_at_users_ = false;
  if (std::exchange(looks_at_users_again_, false)) poll_users();
}

// Who has signed out counts as there until their last backups have begun, which then come to their
// end with the rights that they began with.
void Agent::keep_who_is_waited_for(std::vector<PresentUser>& users) const {
  for (const PresentUser& before : users_) {
    if (!before.user.fault.empty() || !protection_.is_waited_for(before.user.sid)) continue;
    const auto here = std::ranges::find(users, before.user.sid, sid_of);
    if (here == users.end()) {
      users.push_back(before);
    } else if (!here->user.fault.empty()) {
      *here = before;
    }
  }
}

void Agent::take_users(std::vector<PresentUser> users) {
  end_look_at_users();
  keep_who_is_waited_for(users);
  if (has_finished_ || users == users_) return;
  const bool is_anybody_new = std::ranges::any_of(users, [this](const PresentUser& user) {
    return std::ranges::find(users_, user.user.sid, sid_of) == users_.end();
  });
  const bool had_cloud = has_cloud(users_);
  users_ = std::move(users);
  // Whoever comes or goes disturbs nothing that is the machine's.
  const bool is_anything_theirs =
      std::ranges::any_of(configured_, is_of_users) ||
      std::ranges::any_of(protection_.datasets(),
                          [](const auto& dataset) { return !dataset.second.owner.empty(); });
  if (is_anything_theirs || had_cloud || has_cloud(users_)) protect();
  if (is_anybody_new) triggers_.fire(Trigger::Kind::Startup);
}

Status Agent::status(const Caller* caller) const {
  const auto sees = [caller](const std::string& owner) {
    return caller == nullptr || may_see(*caller, owner);
  };
  std::vector<std::string> faults;
  if (!config_.fault().empty()) {
    faults.push_back("The configuration was not taken: " + config_.fault());
  }
  if (!protection_.record_fault().empty()) faults.push_back(protection_.record_fault());
  for (const auto& [reader, fault] : config_.left_out()) {
    if (sees(reader)) faults.push_back(fault);
  }
  for (std::string& fault : triggers_.faults(sees)) faults.push_back(std::move(fault));
  return overall_status(protection_.statuses(sees), std::move(faults), phase_, clock_.now());
}

void Agent::offer_methods() {
  gate_.offer(method::kStatus, [this](const Call& call) { return status(&call.caller); });
  gate_.offer(method::kServiceInfo, [this](const Call&) { return info_; });
  offer_config_methods(gate_, config_, [this] { poll_config(); });
  offer_dataset_methods(gate_, {.config = config_,
                                .protection = protection_,
                                .write = write_user_config_,
                                .reload = [this] { poll_config(); }});
  offer_backup_methods(gate_, protection_);
  offer_history_methods(gate_, protection_);
  offer_archive_methods(gate_, protection_);
  offer_restore_methods(gate_, protection_);
  offer_cloud_methods(gate_, protection_, clock_,
                      [this]() -> const std::vector<PresentUser>& { return users_; });
}

}  // namespace holdfast
