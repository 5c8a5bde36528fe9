#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"
#include "service/cloud/cloud_roots.h"
#include "service/cloud/cloud_state.h"

namespace holdfast {
namespace {

using Account = TraySignals::Account;
using FileAnswer = CloudFileFacts::Answer;
using ProviderAnswer = CloudProviderFacts::Answer;
using Status = CloudProviderFacts::Status;

const Time kNow = time_from("2026-11-20T12:00:00Z");

// What is told of an archive that is on its way, when no more than this is known.
struct Seen {
  CloudFileFacts file{.answer = FileAnswer::Plain};
  CloudProviderFacts provider{.answer = ProviderAnswer::Registered, .name = "OneDrive"};
  Account account = Account::Unknown;
  bool quota_full = false;
};

std::string told(const Seen& seen) {
  const TraySignals tray{.account = seen.account, .quota_full = seen.quota_full, .seen_at = kNow};
  return judge(seen.file, seen.provider, tray, std::nullopt, kNow).sentence;
}

std::string told(const OneDriveFacts& facts) {
  try {
    chosen_root(facts, {}, "");
    return {};
  } catch (const Error& error) {
    return error.what();
  }
}

Seen failed(std::uint32_t error) {
  return {.file = {.answer = FileAnswer::Failed, .error = error}};
}

TEST_CASE("Each state of OneDrive, and each error by which it answers, is told by one sentence") {
  const OneDriveAccount signed_out{"Personal", "", ""};
  struct Row {
    std::string_view state;
    std::string sentence;
    std::string_view wanted;
  };
  const Row rows[] = {
      {"not installed", told(OneDriveFacts{.sid = "S-1-5-21-1"}),
       "OneDrive is not installed, as far as Windows tells."},
      {"not signed in", told(OneDriveFacts{.sid = "S-1-5-21-1", .accounts = {signed_out}}),
       "Nobody is signed in to OneDrive."},
      {"paused", told({.account = Account::Paused}),
       "OneDrive is paused. Let it resume by its icon."},
      {"full", told({.quota_full = true}), "OneDrive is full. Free some space in it, or get more."},
      {"offline", told({.account = Account::Offline}),
       "OneDrive is offline. It uploads the archive when the connection is back."},
      {"error", told({.account = Account::Error}),
       "OneDrive reports an error. Click its icon to see what it needs."},
      {"warning", told({.account = Account::Warning}),
       "OneDrive shows a warning. Click its icon to see what it needs."},
      {"not running",
       told({.provider = {.answer = ProviderAnswer::Registered, .status = Status::Disconnected}}),
       "OneDrive is not running. Start it, or sign in to Windows, so that it uploads the archive."},
      {"no sign of any of these", told(Seen{}), "OneDrive has not uploaded it yet."},
      {"362", told(failed(362)),
       "OneDrive is not running: whether the archive is uploaded cannot be told. Start OneDrive, "
       "or "
       "sign in to Windows."},
      {"386", told(failed(386)),
       "OneDrive could not sign in to its account. Open OneDrive and sign in."},
      {"388", told(failed(388)),
       "OneDrive has no connection to the cloud. Check this computer's connection to the "
       "internet."},
      {"390", told(failed(390)),
       "This computer does not synchronise the archive's folder with OneDrive, or OneDrive's Files "
       "On-Demand is off: whether the archive is uploaded cannot be told. Check OneDrive's "
       "settings."},
      {"395", told(failed(395)),
       "OneDrive does not let the service ask about the archive. Sign in to Windows as the user "
       "whose OneDrive it is."},
      {"398", told(failed(398)),
       "Somebody cancelled what OneDrive did with the archive. Nothing is to be done: it is looked "
       "at again."},
      {"404", told(failed(404)),
       "OneDrive ended while it was asked about the archive. Start OneDrive, or sign in to "
       "Windows."},
      {"426", told(failed(426)),
       "OneDrive did not answer in time. Nothing is to be done: it is looked at again."},
  };
  std::set<std::string> sentences;
  for (const Row& row : rows) {
    CAPTURE(row.state);
    CHECK(row.sentence == row.wanted);
    CHECK(sentences.insert(row.sentence).second);
  }
  // These two say what a plain file says: it waits.
  CHECK(told(failed(376)) == told(Seen{}));
  CHECK(told(failed(377)) == told(Seen{}));
}

}  // namespace
}  // namespace holdfast
