#include "service/cloud/cloud_roots.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "common/error.h"
#include "common/path_text.h"
#include "common/text.h"
#include "service/archive/entry_name.h"
#include "service/config/config_keys.h"
#include "service/config/path_rules.h"

namespace holdfast {
namespace {

constexpr std::string_view kSeparators = "\\/";
constexpr std::size_t kLongestFolder = 400;  // characters
constexpr std::size_t kLongestEmail = 100;   // bytes

// In the order in which they are told.
std::span<const std::string_view> account_words() {
  return find_key("datasets[].destination.account")->words;
}

std::size_t place_of(std::string_view account) {
  const auto words = account_words();
  return static_cast<std::size_t>(std::ranges::find(words, account) - words.begin());
}

// "Business1" as the configuration says it; empty for what it has no word for.
std::string account_word(std::string_view text) {
  std::string word = folded_name(text);
  return place_of(word) < account_words().size() ? word : std::string();
}

// The account of "OneDrive!<SID>!Business1+1|0a1b"; empty for other users' and other providers'.
std::string account_of_id(std::string_view id, const std::string& sid) {
  const std::string own = folded_name(fmt::format("OneDrive!{}!", sid));
  if (sid.empty() || !folded_name(id).starts_with(own)) return {};
  id.remove_prefix(own.size());
  id = id.substr(0, id.find('|'));
  return account_word(id.substr(0, id.find('+')));
}

bool is_on_drive(std::string_view path) {
  return path.size() > 3 && path[1] == ':' && kSeparators.find(path[2]) != std::string_view::npos &&
         !path_fault(path, PathUse::Folder);
}

// On systems without drives.
bool is_below_root(std::string_view path) {
  return text_path(path).is_absolute() && path.size() > 1 && !entry_name_fault(path.substr(1));
}

// The folder in one spelling; empty for what is no absolute path of a folder on a disk.
std::string plain_folder(std::string_view text) {
  while (!text.empty() && kSeparators.find(text.back()) != std::string_view::npos) {
    text.remove_suffix(1);
  }
  const auto characters = std::ranges::count_if(
      text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; });
  if (static_cast<std::size_t>(characters) > kLongestFolder) return {};
  std::string folder(text);
  if (is_on_drive(text)) {
    std::ranges::replace(folder, '/', '\\');
    return folder;
  }
  return is_below_root(text) ? folder : std::string();
}

std::string shown_email(const OneDriveAccount& account) {
  return one_line(account.email, kLongestEmail);
}

// Each folder that is there once, as the first who told of it did.
class FoundRoots {
 public:
  explicit FoundRoots(const std::function<bool(const std::string&)>& is_folder)
      : is_folder_(is_folder) {}

  void add(const std::string& account, const std::string& email, const std::string& told) {
    std::string folder = plain_folder(told);
    if (folder.empty()) return;
    const auto known = std::ranges::find_if(roots_, [&](const CloudRoot& root) {
      return folded_path(root.folder) == folded_path(folder);
    });
    if (known != roots_.end()) {
      if (known->account.empty()) known->account = account;
    } else if (is_folder_(folder)) {
      roots_.push_back({account, email, std::move(folder)});
    }
  }

  bool is_empty() const { return roots_.empty(); }

  std::vector<CloudRoot> in_order() && {
    forget_doubtful_accounts();
    std::ranges::stable_sort(roots_, {},
                             [](const CloudRoot& root) { return place_of(root.account); });
    return std::move(roots_);
  }

 private:
  // Which of several folders is the account's own, and which a library that it syncs, is not told.
  void forget_doubtful_accounts() {
    for (const std::string_view word : account_words()) {
      if (std::ranges::count(roots_, word, &CloudRoot::account) < 2) continue;
      for (CloudRoot& root : roots_) {
        if (root.account == word) root.account.clear();
      }
    }
  }

  const std::function<bool(const std::string&)>& is_folder_;
  std::vector<CloudRoot> roots_;
};

// The account of that word; without a word the first to which somebody is signed in.
const OneDriveAccount* find_account(const OneDriveFacts& facts, std::string_view word) {
  const auto found = std::ranges::find_if(facts.accounts, [&](const OneDriveAccount& account) {
    const std::string own = account_word(account.key);
    return word.empty() ? !own.empty() && !account.folder.empty() : own == word;
  });
  return found == facts.accounts.end() ? nullptr : &*found;
}

std::string account_text(const std::string& account, const std::string& email) {
  return email.empty() ? account : fmt::format("{} ({})", account, email);
}

// "personal (a@clinic.example), business1 and D:\OneDrive".
std::string roots_text(std::span<const CloudRoot> roots) {
  std::string text;
  for (std::size_t i = 0; i < roots.size(); ++i) {
    if (i > 0) text += i + 1 == roots.size() ? " and " : ", ";
    const CloudRoot& root = roots[i];
    text += root.account.empty() ? one_line(root.folder) : account_text(root.account, root.email);
  }
  return text;
}

bool knows_accounts(const OneDriveFacts& facts) {
  return std::ranges::any_of(facts.accounts, [](const OneDriveAccount& account) {
    return !account_word(account.key).empty();
  });
}

Error folder_gone(const OneDriveAccount& account) {
  return {ErrorCode::NotFound,
          fmt::format("The folder of the OneDrive account {} is not there: {}.",
                      account_text(account_word(account.key), shown_email(account)),
                      one_line(account.folder)),
          "Connect the drive that it is on, or have OneDrive set up anew."};
}

Error nobody_signed_in(const OneDriveAccount& account) {
  return {ErrorCode::NotFound,
          fmt::format("Nobody is signed in to the OneDrive account {}.",
                      account_text(account_word(account.key), shown_email(account))),
          "Sign in to it in OneDrive, or name another account in the configuration."};
}

Error none_there(const OneDriveFacts& facts) {
  if (const OneDriveAccount* account = find_account(facts, {})) return folder_gone(*account);
  if (facts.is_installed || knows_accounts(facts)) {
    return {ErrorCode::NotFound, "Nobody is signed in to OneDrive.",
            "Sign in to OneDrive, or give the destination as a folder."};
  }
  return {ErrorCode::NotFound, "OneDrive is not installed, as far as Windows tells.",
          "Install OneDrive and sign in to it, or give the destination as a folder."};
}

Error none_chosen(std::span<const CloudRoot> roots) {
  const std::string& first = roots.front().account;
  return {
      ErrorCode::NotFound,
      fmt::format("There are several OneDrive folders, and the configuration does not say "
                  "which is meant: {}.",
                  roots_text(roots)),
      first.empty()
          ? "Have OneDrive started, which tells them apart, or give the destination as a folder."
          : fmt::format("Name the account in the destination: \"account\": \"{}\".", first)};
}

Error no_such_account(std::string_view account, std::span<const CloudRoot> roots) {
  return {ErrorCode::NotFound,
          fmt::format("There is no OneDrive account {}; there is {}.", one_line(account, 40),
                      roots_text(roots)),
          "Sign in to it in OneDrive, or name another account in the configuration."};
}

}  // namespace

std::vector<CloudRoot> cloud_roots(
    const OneDriveFacts& facts, const std::function<bool(const std::string& folder)>& is_folder) {
  FoundRoots roots(is_folder);
  for (const OneDriveAccount& account : facts.accounts) {
    const std::string word = account_word(account.key);
    if (!word.empty()) roots.add(word, shown_email(account), account.folder);
  }
  for (const SyncRootEntry& entry : facts.sync_roots) {
    const std::string word = account_of_id(entry.id, facts.sid);
    if (!word.empty() && find_account(facts, word) == nullptr) roots.add(word, {}, entry.folder);
  }
  if (knows_accounts(facts)) return std::move(roots).in_order();
  if (roots.is_empty()) {
    for (const EnvironmentFolder& variable : facts.environment) {
      const bool is_personal = variable.name == "OneDriveConsumer";
      roots.add(is_personal ? "personal" : "", {}, variable.folder);
    }
  }
  if (roots.is_empty()) {
    for (const std::string& folder : facts.default_folders) roots.add({}, {}, folder);
  }
  return std::move(roots).in_order();
}

const CloudRoot& chosen_root(const OneDriveFacts& facts, std::span<const CloudRoot> roots,
                             std::string_view account) {
  if (account.empty()) {
    if (roots.size() == 1) return roots.front();
    throw roots.empty() ? none_there(facts) : none_chosen(roots);
  }
  const auto named = std::ranges::find(roots, account, &CloudRoot::account);
  if (named != roots.end()) return *named;
  if (const OneDriveAccount* known = find_account(facts, account)) {
    throw known->folder.empty() ? nobody_signed_in(*known) : folder_gone(*known);
  }
  throw roots.empty() ? none_there(facts) : no_such_account(account, roots);
}

std::filesystem::path folder_inside(const CloudRoot& root, std::string_view folder) {
  if (const auto fault = inner_folder_fault(folder)) {
    throw Error(ErrorCode::ConfigFaulty,
                fmt::format("The folder \"{}\" in OneDrive {}.", one_line(folder), *fault),
                "Correct the destination in the configuration.");
  }
  std::filesystem::path path = text_path(root.folder);
  while (!folder.empty()) {
    const std::size_t end = std::min(folder.find_first_of(kSeparators), folder.size());
    path /= text_path(folder.substr(0, end));
    folder.remove_prefix(std::min(end + 1, folder.size()));
  }
  return path;
}

}  // namespace holdfast
