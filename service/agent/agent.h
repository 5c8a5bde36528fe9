#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <nlohmann/json.hpp>

#include "common/clock.h"
#include "common/protocol/messages.h"
#include "service/agent/config_watch.h"
#include "service/agent/method_gate.h"
#include "service/agent/notices.h"
#include "service/agent/protection.h"
#include "service/agent/refusals.h"
#include "service/agent/repeating_timer.h"
#include "service/agent/status_file.h"
#include "service/agent/trigger_watch.h"
#include "service/pipe/dispatcher.h"
#include "service/pipe/listener.h"
#include "service/pipe/pipe_server.h"
#include "service/platform/event_log.h"

namespace holdfast {

enum class StopReason { Requested, Shutdown };

// The composition root: here the capabilities meet. Everything in it runs on the one thread that
// runs the io_context.
class Agent {
 public:
  struct Parts {
    boost::asio::io_context& io;
    Listener& listener;
    ServiceInfo info;
    ConfigWatch::Read read_config;
    // Replaces what a user added. Throws Error.
    std::function<void(const std::string& sid, const std::string& text)> write_user_config;
    std::string config_file;  // its name, for what is told about it
    std::filesystem::path status_file;
    std::function<std::set<std::string>()> running_programs;
    std::function<std::string(const BackupRequest&)> change_mark;
    // Who is signed in; called by a worker, with the service's own rights. May throw Error.
    std::function<std::vector<PresentUser>()> present_users = [] {
      return std::vector<PresentUser>();
    };
    Protection::Parts protection;  // whom it tells is set here
  };

  explicit Agent(const Parts& parts);

  // When it returns, clients are served. Throws Error when that cannot be.
  void start();
  // Says goodbye to the clients and leaves no work behind: the io_context then runs dry. At a
  // shutdown, what is configured so is backed up once more first, as far as the time allows.
  void stop(StopReason reason);
  // To be called once that work has ended.
  void report_stopped();

  // A user signed in or out.
  void signed_in();
  void signed_out();
  // The machine slept.
  void woke();

 private:
  // As the caller may see it; all of it for nobody in particular.
  Status status(const Caller* caller = nullptr) const;
  void offer_methods();
  Protection::Parts told_here(const Protection::Parts& given);
  // What subscribers are told by the way.
  void tell_run(const RunReport& report);
  void tell_event(const Event& event);
  // Has settle() called soon, and once.
  void settle_soon();
  // Does what is due, and sets the time of the next look.
  void settle();
  // Also tells the clients. How long nothing else will be due.
  std::chrono::seconds do_what_is_due();
  // Tells the subscribers, when it is another than they were told last, and the file.
  void tell_status();
  void notice_sleep();
  void poll_config();
  void poll_users();
  void end_look_at_users();
  void take_users(std::vector<PresentUser> users);
  void keep_who_is_waited_for(std::vector<PresentUser>& users) const;
  // What is configured, for those who are there.
  void protect();
  void finish_stop();

  boost::asio::io_context& io_;
  EventLog& events_;
  const Clock& clock_;
  const ServiceInfo info_;
  const std::function<void(const std::string& sid, const std::string& text)> write_user_config_;
  ServicePhase phase_ = ServicePhase::Running;
  StopReason stop_reason_ = StopReason::Requested;
  Notices notices_;
  Refusals refusals_;
  ConfigWatch config_;
  Protection protection_;
  TriggerWatch triggers_;
  Dispatcher dispatcher_;
  MethodGate gate_;
  PipeServer server_;
  StatusFile status_file_;
  boost::asio::steady_timer settle_timer_;
  boost::asio::steady_timer shutdown_timer_;
  const std::function<std::vector<PresentUser>()> present_users_;
  Workers& workers_;
  std::vector<EffectiveDataset> configured_;
  std::vector<PresentUser> users_;
  bool looks_at_users_ = false;
  bool looks_at_users_again_ = false;  // once that has ended
  RepeatingTimer config_timer_;
  RepeatingTimer users_timer_;
  RepeatingTimer programs_timer_;
  RepeatingTimer queries_timer_;
  bool settles_soon_ = false;
  bool has_finished_ = false;
  std::optional<Time> settled_at_;
  nlohmann::json told_;  // the last status, without its time
};

}  // namespace holdfast
