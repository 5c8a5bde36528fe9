#include "service/cloud/cloud_state.h"

#include <algorithm>
#include <limits>
#include <set>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using Account = TraySignals::Account;
using FileAnswer = CloudFileFacts::Answer;
using ProviderAnswer = CloudProviderFacts::Answer;
using Status = CloudProviderFacts::Status;

const Time kNow = time_from("2026-11-20T12:00:00Z");
constexpr std::uint64_t kBytes = 4096;
constexpr std::int64_t kChangedAt = 17'000'000'000'000'000;
constexpr std::int64_t kSecond = 10'000'000;
const WrittenFile kWritten{.bytes = kBytes, .changed_at = kChangedAt};
const CloudProviderFacts kIdle{.answer = ProviderAnswer::Registered, .name = "OneDrive"};
const std::optional<TraySignals> kNoTray;

CloudFileFacts file_with(FileAnswer answer, std::uint32_t error = 0) {
  return {.answer = answer, .error = error, .bytes = kBytes, .changed_at = kChangedAt};
}

CloudFileFacts placeholder(bool in_sync) {
  CloudFileFacts file = file_with(FileAnswer::Placeholder);
  file.in_sync = in_sync;
  return file;
}

// The value with some of it changed.
template <typename Value, typename Change>
Value with(Value value, Change change) {
  change(value);
  return value;
}

CloudProviderFacts provider(Status status) {
  return with(kIdle, [status](CloudProviderFacts& facts) { facts.status = status; });
}

CloudProviderFacts no_provider(ProviderAnswer answer, std::uint32_t error = 0) {
  return {.answer = answer, .error = error};
}

TraySignals saw_account(Account account, std::chrono::seconds ago = 0s) {
  return {.account = account, .seen_at = kNow - ago};
}

TraySignals saw_file(std::uint32_t state) {
  return {.file_state = state, .seen_at = kNow};
}

bool mentions(std::string_view sentence, std::string_view words) {
  return sentence.find(words) != std::string_view::npos;
}

struct Row {
  std::string_view what;
  CloudFileFacts file;
  CloudProviderFacts provider;
  std::optional<TraySignals> tray;
  CloudState state;
  std::string_view words;  // some of the sentence
};

void check(std::initializer_list<Row> rows) {
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const CloudSight sight = judge(row.file, row.provider, row.tray, kWritten, kNow);
    CHECK(name(sight.state) == name(row.state));
    CAPTURE(sight.sentence);
    CHECK(mentions(sight.sentence, row.words));
    CHECK_FALSE(sight.looks_uploaded);
  }
}

TEST_CASE("Each state of an archive in the cloud has a word that is read back") {
  for (const CloudState state :
       {CloudState::NotApplicable, CloudState::Waiting, CloudState::Uploaded, CloudState::Error,
        CloudState::Excluded, CloudState::Unknown}) {
    CHECK(cloud_state(name(state)) == state);
  }
  CHECK(name(CloudState::NotApplicable) == "not-applicable");
  CHECK(name(CloudState::Waiting) == "waiting");
  CHECK(name(CloudState::Uploaded) == "uploaded");
  CHECK(name(CloudState::Error) == "error");
  CHECK(name(CloudState::Excluded) == "excluded");
  CHECK(name(CloudState::Unknown) == "unknown");
  for (const std::string_view word : {"", "Uploaded", "uploaded ", "not_applicable"}) {
    CHECK_FALSE(cloud_state(word));
  }
}

TEST_CASE("A placeholder in sync looks uploaded if it is what was written, and nothing else does") {
  const auto in_sync = [](auto change) { return with(placeholder(true), change); };
  const auto same = [](CloudFileFacts&) {};
  struct Sight {
    CloudFileFacts file;
    std::optional<WrittenFile> written;
    bool looks_uploaded;
  };
  const Sight sights[] = {
      {in_sync(same), kWritten, true},
      {in_sync([](CloudFileFacts& file) { file.is_local = false; }), kWritten, true},
      {in_sync([](CloudFileFacts& file) { file.is_pinned = true; }), kWritten, true},
      {in_sync([](CloudFileFacts& file) { file.bytes += 1; }), kWritten, false},
      {in_sync([](CloudFileFacts& file) { file.bytes = 0; }), kWritten, false},
      {in_sync([](CloudFileFacts& file) { file.changed_at += 2 * kSecond; }), kWritten, true},
      {in_sync([](CloudFileFacts& file) { file.changed_at -= 2 * kSecond; }), kWritten, true},
      {in_sync([](CloudFileFacts& file) { file.changed_at += 3 * kSecond; }), kWritten, false},
      {in_sync([](CloudFileFacts& file) { file.changed_at -= 3 * kSecond; }), kWritten, false},
      {in_sync([](CloudFileFacts& file) {
         file.changed_at = std::numeric_limits<std::int64_t>::min();
       }),
       kWritten, false},
      {in_sync([](CloudFileFacts& file) { file.is_excluded = true; }), kWritten, false},
      {in_sync(same), std::nullopt, true},
      {in_sync([](CloudFileFacts& file) { file.is_local = false; }), std::nullopt, false},
      {placeholder(false), kWritten, false},
      {file_with(FileAnswer::Plain), kWritten, false},
  };
  for (const Sight& each : sights) {
    CAPTURE(&each - sights);
    const CloudSight sight = judge(each.file, kIdle, kNoTray, each.written, kNow);
    CHECK(sight.looks_uploaded == each.looks_uploaded);
    CHECK(sight.state != CloudState::Uploaded);
    CHECK(sight.is_local == each.file.is_local);
    CHECK_FALSE(sight.sentence.empty());
  }
}

TEST_CASE("An archive in a synchronised folder waits until it is uploaded") {
  check({
      {"not taken up",
       file_with(FileAnswer::Plain, 376),
       kIdle,
       {},
       CloudState::Waiting,
       "OneDrive has not uploaded it yet."},
      {"taken up",
       placeholder(false),
       kIdle,
       {},
       CloudState::Waiting,
       "OneDrive has not uploaded it yet."},
      {"taken up, by nobody knows whom",
       placeholder(false),
       no_provider(ProviderAnswer::Failed, 5),
       {},
       CloudState::Waiting,
       "not uploaded it yet"},
      {"synchronising",
       file_with(FileAnswer::Plain),
       provider(Status::Busy),
       {},
       CloudState::Waiting,
       "not uploaded it yet"},
      {"transferring", placeholder(false), kIdle, saw_file(6), CloudState::Waiting,
       "OneDrive is uploading it."},
      {"warned of", placeholder(false), kIdle, saw_file(8), CloudState::Waiting, "warns"},
  });
}

TEST_CASE("Where placeholders are not used, an archive's way is unknown and never waiting") {
  check({
      {"no such folder",
       file_with(FileAnswer::Plain),
       no_provider(ProviderAnswer::NotUnderCloud),
       {},
       CloudState::Unknown,
       "Files On-Demand"},
      {"no such file",
       file_with(FileAnswer::NotUnderCloud, 390),
       no_provider(ProviderAnswer::NotUnderCloud),
       {},
       CloudState::Unknown,
       "Files On-Demand"},
      {"the file alone",
       file_with(FileAnswer::NotUnderCloud, 390),
       kIdle,
       {},
       CloudState::Unknown,
       "Files On-Demand"},
      {"an old Windows",
       file_with(FileAnswer::Plain),
       no_provider(ProviderAnswer::NotSupported),
       {},
       CloudState::Unknown,
       "version of Windows"},
      {"a very old Windows",
       file_with(FileAnswer::NotSupported),
       no_provider(ProviderAnswer::NotSupported),
       {},
       CloudState::Unknown,
       "version of Windows"},
      {"who knows",
       file_with(FileAnswer::Plain),
       no_provider(ProviderAnswer::Failed, 5),
       {},
       CloudState::Unknown,
       "(error 5)"},
      {"the tray says paused", file_with(FileAnswer::Plain),
       no_provider(ProviderAnswer::NotUnderCloud), saw_account(Account::Paused),
       CloudState::Unknown, "OneDrive is paused."},
      {"an upload whose folder was let go",
       placeholder(true),
       no_provider(ProviderAnswer::NotUnderCloud),
       {},
       CloudState::Unknown,
       "no longer"},
      {"an archive that is gone",
       file_with(FileAnswer::Missing, 2),
       kIdle,
       {},
       CloudState::Unknown,
       "not where it was written"},
  });
}

TEST_CASE("What the tray sees of an archive is no proof of its upload") {
  for (std::uint32_t state = 0; state <= 10; ++state) {
    CAPTURE(state);
    TraySignals tray = saw_file(state);
    tray.account = Account::InSync;
    const auto seen = [&tray](const CloudFileFacts& file, const CloudProviderFacts& by) {
      return judge(file, by, tray, kWritten, kNow);
    };
    const CloudProviderFacts none = no_provider(ProviderAnswer::NotUnderCloud);
    CHECK(seen(file_with(FileAnswer::Plain), none).state == CloudState::Unknown);
    CHECK(seen(file_with(FileAnswer::NotSupported), none).state == CloudState::Unknown);
    CHECK(seen(file_with(FileAnswer::Failed, 5), kIdle).state == CloudState::Unknown);
    const CloudState state_expected = state == 7   ? CloudState::Error
                                      : state == 9 ? CloudState::Excluded
                                                   : CloudState::Waiting;
    for (const CloudFileFacts& file : {file_with(FileAnswer::Plain), placeholder(false)}) {
      const CloudSight sight = seen(file, kIdle);
      CHECK(name(sight.state) == name(state_expected));
      CHECK_FALSE(sight.looks_uploaded);
    }
    // Nor is it proof against what the system says.
    CHECK(seen(placeholder(true), kIdle).looks_uploaded);
  }
}

TEST_CASE("An archive that is left out or was changed is told, whatever else holds") {
  const auto left_out =
      with(file_with(FileAnswer::Plain), [](CloudFileFacts& file) { file.is_excluded = true; });
  const auto changed =
      with(file_with(FileAnswer::Plain), [](CloudFileFacts& file) { file.bytes -= 1; });
  check({
      {"left out", left_out, kIdle, {}, CloudState::Excluded, "set to leave the archive out"},
      {"left out without a provider",
       left_out,
       no_provider(ProviderAnswer::NotUnderCloud),
       {},
       CloudState::Excluded,
       "set to leave the archive out"},
      {"the tray says left out", file_with(FileAnswer::Plain), kIdle, saw_file(9),
       CloudState::Excluded, "leaves the archive out"},
      {"changed", changed, kIdle, {}, CloudState::Error, "was changed after it was made"},
      {"changed and left out",
       with(left_out, [](CloudFileFacts& file) { file.changed_at += 3 * kSecond; }),
       kIdle,
       {},
       CloudState::Error,
       "was changed after it was made"},
      {"the tray says error", placeholder(false), kIdle, saw_file(7), CloudState::Error,
       "an error with the archive"},
  });
}

TEST_CASE("Each error by which the system answers has a sentence of its own") {
  struct Code {
    std::uint32_t error;
    CloudState state;
    std::string_view words;
  };
  const Code codes[] = {
      {362, CloudState::Unknown, "OneDrive is not running"},
      {376, CloudState::Waiting, "OneDrive has not uploaded it yet."},
      {377, CloudState::Waiting, "OneDrive has not uploaded it yet."},
      {386, CloudState::Unknown, "could not sign in"},
      {388, CloudState::Unknown, "no connection"},
      {390, CloudState::Unknown, "Files On-Demand is off"},
      {395, CloudState::Unknown, "does not let the service ask"},
      {398, CloudState::Unknown, "cancelled"},
      {404, CloudState::Unknown, "ended"},
      {426, CloudState::Unknown, "in time"},
      {0, CloudState::Unknown, "(error 0)"},
      {5, CloudState::Unknown, "(error 5)"},
      {0x8000FFFF, CloudState::Unknown, "(error 0x8000FFFF)"},
  };
  std::set<std::string> sentences;
  for (const Code& code : codes) {
    CAPTURE(code.error);
    const CloudSight sight =
        judge(file_with(FileAnswer::Failed, code.error), kIdle, kNoTray, kWritten, kNow);
    CHECK(name(sight.state) == name(code.state));
    CAPTURE(sight.sentence);
    CHECK(mentions(sight.sentence, code.words));
    CHECK_FALSE(sight.looks_uploaded);
    if (code.state != CloudState::Waiting) CHECK(sentences.insert(sight.sentence).second);
    // The same error of the folder: nothing is said of the file then.
    const CloudSight of_folder =
        judge(file_with(FileAnswer::Plain), no_provider(ProviderAnswer::Failed, code.error),
              kNoTray, kWritten, kNow);
    CHECK(of_folder.state == CloudState::Unknown);
    CHECK_FALSE(of_folder.sentence.empty());
  }
}

TEST_CASE("Why an archive waits is said on a positive sign only") {
  const CloudFileFacts plain = file_with(FileAnswer::Plain);
  const auto full =
      with(saw_account(Account::Paused), [](TraySignals& tray) { tray.quota_full = true; });
  const auto nothing = CloudState::Waiting;
  check({
      {"paused", plain, kIdle, saw_account(Account::Paused), nothing, "OneDrive is paused."},
      {"offline", plain, kIdle, saw_account(Account::Offline), nothing, "OneDrive is offline."},
      {"error", plain, kIdle, saw_account(Account::Error), nothing, "OneDrive reports an error."},
      {"warning", plain, kIdle, saw_account(Account::Warning), nothing, "shows a warning"},
      {"in sync", plain, kIdle, saw_account(Account::InSync), nothing, "not uploaded it yet"},
      {"syncing", plain, kIdle, saw_account(Account::Syncing), nothing, "not uploaded it yet"},
      {"nobody knows", plain, kIdle, saw_account(Account::Unknown), nothing, "not uploaded it yet"},
      {"full and paused", plain, kIdle, full, nothing, "OneDrive is full."},
      {"connectivity lost",
       plain,
       provider(Status::ConnectivityLost),
       {},
       nothing,
       "OneDrive is offline."},
      {"disconnected",
       plain,
       provider(Status::Disconnected),
       {},
       nothing,
       "OneDrive is not running."},
      {"terminated", plain, provider(Status::Terminated), {}, nothing, "OneDrive has ended."},
      {"provider's error",
       plain,
       provider(Status::Error),
       {},
       nothing,
       "OneDrive reports an error."},
      {"paused and disconnected", plain, provider(Status::Disconnected),
       saw_account(Account::Paused), nothing, "OneDrive is paused."},
      {"warning and disconnected", plain, provider(Status::Disconnected),
       saw_account(Account::Warning), nothing, "OneDrive is not running."},
      {"transferring and offline", plain, provider(Status::ConnectivityLost), saw_file(6), nothing,
       "OneDrive is offline."},
  });
}

TEST_CASE("What the tray saw more than ten minutes ago, or in the future, is not believed") {
  struct Age {
    std::chrono::seconds ago;
    bool is_believed;
  };
  for (const Age& age : {Age{0s, true}, Age{10min, true}, Age{10min + 1s, false},
                         Age{std::chrono::days(9), false}, Age{-4min, true}, Age{-6min, false}}) {
    CAPTURE(age.ago.count());
    TraySignals tray = saw_account(Account::Paused, age.ago);
    const auto seen = [&tray] {
      return judge(file_with(FileAnswer::Plain), kIdle, tray, kWritten, kNow);
    };
    CHECK(mentions(seen().sentence, "paused") == age.is_believed);
    tray.file_state = 7;
    CHECK((seen().state == CloudState::Error) == age.is_believed);
  }
}

}  // namespace
}  // namespace holdfast
