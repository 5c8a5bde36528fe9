#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "common/clock.h"
#include "common/protocol/service_client.h"
#include "tray/cloud_report.h"

namespace holdfast {

// How the user's session sees OneDrive. Called on the watch's thread, and nothing where it cannot
// be seen; only give_up may be called by another thread, and ends what is under way.
struct CloudEyes {
  std::function<void()> open;  // before the others, once
  std::function<std::optional<AccountSight>(const std::string& sync_root)> account;
  std::function<std::optional<std::uint32_t>(const std::string& file)> file;
  std::function<void()> give_up;
};

// Tells the service once a minute what only the user's session can see of OneDrive, as long as
// archives of this user are on their way to it. It gives reasons for what waits, and never the
// proof that anything arrived. Has a thread and connections of its own, so that an OneDrive that
// does not answer keeps nothing else waiting.
class CloudWatch {
 public:
  CloudWatch(ServiceClient::Connect connect, CloudEyes eyes, const Clock& clock);
  CloudWatch(const CloudWatch&) = delete;
  CloudWatch& operator=(const CloudWatch&) = delete;
  ~CloudWatch();

 private:
  void run(const std::stop_token& stop) noexcept;
  void look(ServiceConnection& service);

  CloudEyes eyes_;
  const Clock& clock_;
  ServiceClient client_;
  nlohmann::json told_;  // last
  Time told_at_;
  // Declared last: it starts when all else is there and is joined before anything goes.
  std::jthread thread_;
};

}  // namespace holdfast
