#include "service/cloud/cloud_state.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "service/platform/file_state.h"

namespace holdfast {
namespace {

using Account = TraySignals::Account;
using FileAnswer = CloudFileFacts::Answer;
using ProviderAnswer = CloudProviderFacts::Answer;
using Status = CloudProviderFacts::Status;

constexpr std::array<std::pair<CloudState, std::string_view>, 6> kWords{
    {{CloudState::NotApplicable, "not-applicable"},
     {CloudState::Waiting, "waiting"},
     {CloudState::Uploaded, "uploaded"},
     {CloudState::Error, "error"},
     {CloudState::Excluded, "excluded"},
     {CloudState::Unknown, "unknown"}}};

// Values of PKEY_StorageProviderState.
constexpr std::uint32_t kTransferring = 6;
constexpr std::uint32_t kError = 7;
constexpr std::uint32_t kWarning = 8;
constexpr std::uint32_t kExcluded = 9;

constexpr std::uint32_t kNotACloudFile = 376;
constexpr std::uint32_t kNotInSync = 377;
constexpr std::uint32_t kNotUnderSyncRoot = 390;

constexpr std::string_view kNotUnderCloud =
    "This computer does not synchronise the archive's folder with OneDrive, or OneDrive's Files "
    "On-Demand is off: whether the archive is uploaded cannot be told. Check OneDrive's settings.";
constexpr std::string_view kNotSupported =
    "This version of Windows cannot tell whether the archive is uploaded.";
constexpr std::string_view kNeedsAttention = "Click OneDrive's icon to see what it needs.";

// What is known about an archive, with what is not to be believed left out.
struct Known {
  const CloudFileFacts& file;
  const CloudProviderFacts& provider;
  std::optional<TraySignals> tray;
  const std::optional<WrittenFile>& written;

  std::optional<std::uint32_t> tray_state() const { return tray ? tray->file_state : std::nullopt; }
};

std::optional<TraySignals> believed(const std::optional<TraySignals>& tray, Time now) {
  if (!tray || is_future(tray->seen_at, now) || now - tray->seen_at > kSignalsLast) return {};
  return tray;
}

FileAnswer answer_of(const CloudFileFacts& file) {
  if (file.answer != FileAnswer::Failed) return file.answer;
  if (file.error == kNotACloudFile) return FileAnswer::Plain;
  return file.error == kNotUnderSyncRoot ? FileAnswer::NotUnderCloud : FileAnswer::Failed;
}

bool is_changed(const CloudFileFacts& file, const std::optional<WrittenFile>& written) {
  if (!written) return false;
  // Any time at all may be claimed: the difference need not fit into a signed number.
  const auto [earlier, later] = std::minmax(file.changed_at, written->changed_at);
  const std::uint64_t apart =
      static_cast<std::uint64_t>(later) - static_cast<std::uint64_t>(earlier);
  constexpr auto kMost = static_cast<std::uint64_t>(FileTime::duration(kTimeTolerance).count());
  return file.bytes != written->bytes || apart > kMost;
}

std::string failure_text(std::uint32_t error) {
  switch (error) {
    case 362:
      return "OneDrive is not running: whether the archive is uploaded cannot be told. Start "
             "OneDrive, or sign in to Windows.";
    case kNotInSync: return "OneDrive has not uploaded what is in the archive yet.";
    case 386: return "OneDrive could not sign in to its account. Open OneDrive and sign in.";
    case 388:
      return "OneDrive has no connection to the cloud. Check this computer's connection to the "
             "internet.";
    case kNotUnderSyncRoot: return std::string(kNotUnderCloud);
    case 395:
      return "OneDrive does not let the service ask about the archive. Sign in to Windows as the "
             "user whose OneDrive it is.";
    case 398:
      return "Somebody cancelled what OneDrive did with the archive. Nothing is to be done: it is "
             "looked at again.";
    case 404:
      return "OneDrive ended while it was asked about the archive. Start OneDrive, or sign in to "
             "Windows.";
    case 426:
      return "OneDrive did not answer in time. Nothing is to be done: it is looked at again.";
    default: break;
  }
  const std::string number =
      error > 0xFFFF ? fmt::format("0x{:08X}", error) : fmt::format("{}", error);
  return fmt::format(
      "Windows cannot tell whether the archive is uploaded (error {}). It is looked at again.",
      number);
}

std::string_view account_trouble(Account account) {
  switch (account) {
    case Account::Error: return "OneDrive reports an error. Click its icon to see what it needs.";
    case Account::Paused: return "OneDrive is paused. Let it resume by its icon.";
    case Account::Offline:
      return "OneDrive is offline. It uploads the archive when the connection is back.";
    case Account::Warning: return "OneDrive shows a warning. Click its icon to see what it needs.";
    case Account::Unknown:
    case Account::InSync:
    case Account::Syncing: break;
  }
  return "";
}

std::string_view provider_trouble(const CloudProviderFacts& provider) {
  if (provider.answer != ProviderAnswer::Registered) return "";
  switch (provider.status) {
    case Status::ConnectivityLost: return account_trouble(Account::Offline);
    case Status::Disconnected:
      return "OneDrive is not running. Start it, or sign in to Windows, so that it uploads the "
             "archive.";
    case Status::Terminated:
      return "OneDrive has ended. Start it, or sign in to Windows, so that it uploads the archive.";
    case Status::Error: return account_trouble(Account::Error);
    case Status::Idle:
    case Status::Busy: break;
  }
  return "";
}

// Why nothing is uploaded; empty when nobody says so.
std::string_view trouble(const Known& known) {
  if (known.tray && known.tray->quota_full) {
    return "OneDrive is full. Free some space in it, or get more.";
  }
  const std::string_view account = known.tray ? account_trouble(known.tray->account) : "";
  const std::string_view provider = provider_trouble(known.provider);
  if (account.empty() || (known.tray->account == Account::Warning && !provider.empty())) {
    return provider;
  }
  return account;
}

CloudSight unknown(const Known& known, std::string sentence) {
  if (const std::string_view why = trouble(known); !why.empty()) sentence.append(" ").append(why);
  return {.state = CloudState::Unknown,
          .sentence = std::move(sentence),
          .is_local = known.file.is_local};
}

CloudSight certain(const Known& known, CloudState state, std::string sentence) {
  return {.state = state, .sentence = std::move(sentence), .is_local = known.file.is_local};
}

CloudSight waiting(const Known& known) {
  switch (known.tray_state().value_or(0)) {
    case kError:
      return certain(
          known, CloudState::Error,
          fmt::format("OneDrive reports an error with the archive. {}", kNeedsAttention));
    case kExcluded:
      return certain(known, CloudState::Excluded,
                     "OneDrive leaves the archive out. Choose a folder that it synchronises.");
    default: break;
  }
  std::string why(trouble(known));
  if (why.empty()) {
    switch (known.tray_state().value_or(0)) {
      case kTransferring: why = "OneDrive is uploading it."; break;
      case kWarning: why = fmt::format("OneDrive warns of the archive. {}", kNeedsAttention); break;
      default: why = "OneDrive has not uploaded it yet."; break;
    }
  }
  return certain(known, CloudState::Waiting, std::move(why));
}

CloudSight in_sync(const Known& known) {
  if (known.provider.answer == ProviderAnswer::NotUnderCloud ||
      known.provider.answer == ProviderAnswer::NotSupported) {
    return unknown(
        known,
        "The archive seems uploaded, but this computer no longer synchronises its folder "
        "with OneDrive. Sign in to OneDrive.");
  }
  if (!known.written && !known.file.is_local) {
    return unknown(known,
                   "The archive is only in the cloud, and how it was made is not recorded: what is "
                   "in it can be checked when it was downloaded.");
  }
  CloudSight sight = certain(known, CloudState::Waiting,
                             "OneDrive says that the archive is uploaded. That is being checked.");
  sight.looks_uploaded = true;
  return sight;
}

CloudSight plain(const Known& known) {
  switch (known.provider.answer) {
    case ProviderAnswer::Registered: return waiting(known);
    case ProviderAnswer::NotUnderCloud: return unknown(known, std::string(kNotUnderCloud));
    case ProviderAnswer::NotSupported: return unknown(known, std::string(kNotSupported));
    case ProviderAnswer::Failed: break;
  }
  return unknown(known, failure_text(known.provider.error));
}

// Of a file that was found and looked into.
CloudSight found(const Known& known, FileAnswer answer) {
  if (is_changed(known.file, known.written)) {
    return certain(known, CloudState::Error,
                   "The archive was changed after it was made: what is uploaded is not the backup. "
                   "Make a new one.");
  }
  if (known.file.is_excluded) {
    return certain(
        known, CloudState::Excluded,
        "OneDrive is set to leave the archive out. Choose a folder that it synchronises, "
        "or ask who looks after this computer.");
  }
  if (answer == FileAnswer::Plain) return plain(known);
  if (answer == FileAnswer::NotUnderCloud) return unknown(known, std::string(kNotUnderCloud));
  return known.file.in_sync ? in_sync(known) : waiting(known);
}

}  // namespace

std::string_view name(CloudState state) {
  return std::ranges::find(kWords, state, &std::pair<CloudState, std::string_view>::first)->second;
}

std::optional<CloudState> cloud_state(std::string_view word) {
  const auto* const found =
      std::ranges::find(kWords, word, &std::pair<CloudState, std::string_view>::second);
  return found == kWords.end() ? std::nullopt : std::optional(found->first);
}

CloudSight judge(const CloudFileFacts& file, const CloudProviderFacts& provider,
                 const std::optional<TraySignals>& tray, const std::optional<WrittenFile>& written,
                 Time now) {
  const Known known{
      .file = file, .provider = provider, .tray = believed(tray, now), .written = written};
  switch (const FileAnswer answer = answer_of(file)) {
    case FileAnswer::Placeholder:
    case FileAnswer::Plain:
    case FileAnswer::NotUnderCloud: return found(known, answer);
    case FileAnswer::Missing:
      return certain(known, CloudState::Unknown,
                     "The archive is not where it was written. If nobody moved or deleted it, look "
                     "into OneDrive's recycle bin.");
    case FileAnswer::NotSupported: return unknown(known, std::string(kNotSupported));
    case FileAnswer::Failed: break;
  }
  if (file.error == kNotInSync) return waiting(known);
  return unknown(known, failure_text(file.error));
}

}  // namespace holdfast
