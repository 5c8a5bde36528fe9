#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "common/clock.h"
#include "service/platform/cloud_files.h"

namespace holdfast {

// How far an archive is on its way into the cloud.
enum class CloudState { NotApplicable, Waiting, Uploaded, Error, Excluded, Unknown };

// The words of the catalog and the protocol: "not-applicable", "waiting"... They never change.
std::string_view name(CloudState state);
// Nothing for a word that is none of them.
std::optional<CloudState> cloud_state(std::string_view word);

// What the tray saw in the user's session. Some versions of Windows tell it wrong: it gives reasons
// and doubts, never the proof.
struct TraySignals {
  enum class Account { Unknown, InSync, Syncing, Paused, Error, Warning, Offline };

  // PKEY_StorageProviderState of the archive: 0 none, 1 sparse, 2 in sync, 3 pinned, 4 waiting for
  // upload, 5 waiting for download, 6 transferring, 7 error, 8 warning, 9 excluded.
  std::optional<std::uint32_t> file_state;
  Account account = Account::Unknown;
  bool quota_full = false;
  std::map<std::string, std::uint32_t> file_states;  // that of each archive, by file name
  Time seen_at;
};
// What the tray saw longer ago is not believed, nor what is_future().
constexpr std::chrono::minutes kSignalsLast{10};

// What an archive was when it was published.
struct WrittenFile {
  std::uint64_t bytes = 0;
  std::int64_t changed_at = 0;  // as CloudFileFacts has it
};
// How much the time of a file that nobody changed may differ: a cloud may keep it less exactly than
// the disk, and give its own back.
constexpr std::chrono::seconds kTimeTolerance{2};

// What one look at an archive says.
struct CloudSight {
  CloudState state = CloudState::Unknown;  // never Uploaded: that takes more than one look
  // Why it is so and what to do about it, for people.
  std::string sentence;
  bool looks_uploaded = false;
  bool is_local = true;  // it can be read without being fetched
};

// What the facts say of an archive that is meant to reach the cloud; of others nobody asks, they
// are NotApplicable.
//
// - It looks uploaded when it is a placeholder in sync, with the size and the time that it was
//   published with, and nothing says that its folder is synchronised no more. Where size and time
//   are not recorded its content has to be looked at, so it must be local.
// - A size or a time that is another one is an Error: somebody changed the archive.
// - A plain file waits if its folder is registered. If not, Files On-Demand may be off, where
//   nothing ever becomes a placeholder: Unknown.
// - What is left out is Excluded; what the system fails to tell is Unknown, but for error 377, by
//   which it tells that the file is not in sync.
// - What the tray saw of this very file turns waiting into Error or Excluded. All else that it saw,
//   and the provider's status, give a reason. Nothing of it makes an archive look uploaded.
CloudSight judge(const CloudFileFacts& file, const CloudProviderFacts& provider,
                 const std::optional<TraySignals>& tray, const std::optional<WrittenFile>& written,
                 Time now);

}  // namespace holdfast
