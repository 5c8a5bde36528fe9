#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/clock.h"

namespace holdfast {

// What the two ends of the pipe tell each other. The wire form stands in messages.cpp only.

constexpr int kProtocolVersion = 1;
// Only administrators and SYSTEM can create names below ProtectedPrefix\Administrators, so nobody
// can sit on the name before the service starts.
constexpr std::string_view kPipeName =
    R"(\\.\pipe\ProtectedPrefix\Administrators\Holdfast\control)";
constexpr std::size_t kMaxLineBytes = std::size_t{64} * 1024;

namespace method {
constexpr std::string_view kHello = "hello";
constexpr std::string_view kStatus = "status";
constexpr std::string_view kSubscribe = "subscribe";
constexpr std::string_view kServiceInfo = "service.info";
constexpr std::string_view kBackupStart = "backup.start";
constexpr std::string_view kBackupRun = "backup.run";
constexpr std::string_view kBackupWait = "backup.wait";
constexpr std::string_view kBackupCancel = "backup.cancel";
constexpr std::string_view kHistory = "history";
constexpr std::string_view kRetentionPreview = "retention.preview";
constexpr std::string_view kCountsAccept = "counts.accept";
constexpr std::string_view kArchiveList = "archive.list";
constexpr std::string_view kArchiveVerify = "archive.verify";
constexpr std::string_view kArchiveDelete = "archive.delete";
constexpr std::string_view kArchivePreview = "archive.preview";
constexpr std::string_view kRestoreStart = "restore.start";
constexpr std::string_view kRestoreUndo = "restore.undo";
constexpr std::string_view kDrillStart = "drill.start";
constexpr std::string_view kRunCancel = "run.cancel";
constexpr std::string_view kDatasetsList = "datasets.list";
constexpr std::string_view kDatasetsAdd = "datasets.add";
constexpr std::string_view kDatasetsChange = "datasets.change";
constexpr std::string_view kDatasetsRemove = "datasets.remove";
constexpr std::string_view kCloudRoots = "cloud.roots";
constexpr std::string_view kCloudReport = "cloud.report";
constexpr std::string_view kConfigGet = "config.get";
constexpr std::string_view kConfigReload = "config.reload";
// What the service tells subscribers by itself, beside "status".
constexpr std::string_view kProgress = "progress";
constexpr std::string_view kNotice = "notice";
}  // namespace method

// The answer to "am I protected?", best first: a greater value is worse.
// A dataset is never at Attention: that is the service's own, as with a faulty configuration.
enum class Health { Protected, Working, Waiting, Attention, Stale, None, Failed, Damaged };

// How loudly a health asks for attention.
enum class Alert { Fine, Attention, AtRisk };

std::string_view name(Health health);
Alert alert(Health health);

struct DatasetStatus {
  std::string id;
  std::string title;
  Health health = Health::None;
  std::string headline;
  std::optional<Time> archived_at;  // when the newest verified archive was made
  std::optional<Time> next_run;
  std::optional<Time> drilled_at;  // when an archive was last proven restorable
  std::optional<int> percent;      // of the run under way, where it is known
  std::string restore_with;        // of a damaged database: the archive that brings it back
  // How far the newest backup is on its way into the cloud; empty when it is not to go there.
  std::string cloud;
  std::optional<Time> cloud_since;  // when that began
  // What its user wants to be told: "failures", "all" or "never".
  std::string notify = "failures";
};

enum class ServicePhase { Running, Stopping };

struct Status {
  Health health = Health::None;
  std::string headline;
  ServicePhase phase = ServicePhase::Running;
  std::vector<DatasetStatus> datasets;
  // What is wrong with the service itself: a configuration that was not taken...
  std::vector<std::string> faults;
  Time as_of;
};

struct ServiceInfo {
  std::string version;
  int protocol = kProtocolVersion;
  std::string host;
  std::uint32_t process_id = 0;
  std::string mode;  // "service" or "console"
  std::string data_folder;
  Time started_at;
};

void to_json(nlohmann::json& json, const DatasetStatus& dataset);
void to_json(nlohmann::json& json, const Status& status);
void to_json(nlohmann::json& json, const ServiceInfo& info);

// Reads what a service sent. Keys it does not know are ignored; a missing or ill-typed one throws
// nlohmann::json::exception.
Status status_from(const nlohmann::json& json);

}  // namespace holdfast
